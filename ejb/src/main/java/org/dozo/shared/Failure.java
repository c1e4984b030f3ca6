// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Why something was refused or failed, with the code that each protocol has for it. Thrown once as {@link FailureException},
 * translated only at the doors. {@code docs/statuses.md} is generated from it.
 */
public enum Failure {
    VOLUME_FULL(0xA700, 507, 207, "No storage volume has room for the object."),
    STORAGE_UNAVAILABLE(0xA700, 503, 207, "Too few storage volumes are healthy to keep the object safely."),
    DATABASE_UNAVAILABLE(0xA700, 503, 207, "The database does not answer, or refuses to work now."),
    NODE_FENCED(0xA700, 503, 207, "This node was taken for dead meanwhile, and begins anew."),
    COMMIT_IN_DOUBT(0xA700, 503, 207, "The database did not confirm the commit in time, here or on its standby."),
    DATA_SET_MISMATCH(0xA900, 409, 207, "The data set does not match what the request says of it."),
    CANNOT_UNDERSTAND(0xC000, 400, 102, "The data set can't be read as DICOM."),
    LIMIT_EXCEEDED(0xC000, 413, 102, "The data set is beyond a limit of this node."),
    BAD_IDENTIFIER(0xA900, 400, 102, "The identifier does not fit the query's class or its own VRs."),
    QUERY_TOO_BROAD(0xA700, 413, 207, "The query has too many matches: give narrower keys."),
    SOP_CLASS_NOT_SUPPORTED(0x0122, 409, 207, "Objects of this SOP class are not taken."),
    TRANSFER_SYNTAX_NOT_SUPPORTED(0xC122, 409, 207, "Objects in this transfer syntax are not taken."),
    MALFORMED_REQUEST(0xC000, 400, 102, "The request can't be read."),
    NOT_AUTHORISED(0x0124, 403, 207, "The caller may not do this."),
    INVALID_RECORD(0x0106, 400, 102, "A record has a value that is not allowed."),
    NOT_FOUND(0x0112, 404, 204, "There is no such record."),
    CONFLICT(0x0111, 409, 205, "There is such a record already, or it was changed meanwhile."),
    PEER_UNREACHABLE(0xA702, 502, 207, "The application entity called does not answer as it should."),
    UNKNOWN_DESTINATION(0xA801, 404, 204, "The move destination is not among the known peers."),
    PROCESSING_FAILURE(0x0110, 500, 207, "An error inside Dozo: see the server's log.");

    /** As the database's function {@code require_term} raises it. */
    private static final String TERM_OVER = "55D01";

    private final int dimseStatus;
    private final int httpStatus;
    private final int hl7ErrorCode;
    private final String sentence;

    Failure(int dimseStatus, int httpStatus, int hl7ErrorCode, String sentence) {
        this.dimseStatus = dimseStatus;
        this.httpStatus = httpStatus;
        this.hl7ErrorCode = hl7ErrorCode;
        this.sentence = sentence;
    }

    /** Status (0000,0900), PS3.7 Annex C and PS3.4 §B.2.3. */
    public int dimseStatus() {
        return dimseStatus;
    }

    /** RFC 9110 §15. */
    public int httpStatus() {
        return httpStatus;
    }

    /** HL7 table 0357, for ERR-3. */
    public int hl7ErrorCode() {
        return hl7ErrorCode;
    }

    /** One English sentence, without particulars. */
    public String sentence() {
        return sentence;
    }

    /**
     * What an error of the database means to a caller: {@link #DATABASE_UNAVAILABLE} if trying later may help (no connection, shut
     * down, out of resources, cancelled, deadlock), {@link #NODE_FENCED} if others took this node for dead, otherwise
     * {@link #PROCESSING_FAILURE}.
     */
    public static Failure of(SQLException error) {
        if (error instanceof CommitInDoubtException) {
            return COMMIT_IN_DOUBT;
        }
        if (TERM_OVER.equals(error.getSQLState())) {
            return NODE_FENCED;
        }
        return isTransient(error.getSQLState()) ? DATABASE_UNAVAILABLE : PROCESSING_FAILURE;
    }

    private static boolean isTransient(@Nullable String state) {
        // Without a state it comes from the pool or the driver, not from the database: no connection to be had.
        if (state == null || state.length() < 2) {
            return true;
        }
        return switch (state.substring(0, 2)) {
            // 08 connection, 25 read-only (an old primary), 40 deadlock, 53 resources, 55 lock timeout, 57 operator, 58
            // system
            case "08", "25", "40", "53", "55", "57", "58" -> true;
            default -> false;
        };
    }
}
