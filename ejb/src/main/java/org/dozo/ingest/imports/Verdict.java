// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import org.dozo.shared.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What became of one file.
 *
 * @param reason for the report; empty if there is none
 * @param remedy for the report; empty if there is none
 * @param receipt what the archive holds now; null if nothing of this file
 */
record Verdict(
        Kind kind, String reason, String remedy, @Nullable Receipt receipt) {

    enum Kind {
        STORED,
        KNOWN,
        SKIPPED,
        REFUSED,
        MISSING,
        /** The import was stopped before it came to this file. */
        UNTOUCHED
    }

    /** By what the archive knows the content. */
    record Receipt(String sopInstanceUid, String transferSyntaxUid, Bytes dataSetSha256) {}

    static final Verdict PASSED_OVER = new Verdict(Kind.KNOWN, "", "", null);
    static final Verdict UNTOUCHED = new Verdict(Kind.UNTOUCHED, "", "", null);

    static Verdict skipped(String reason, String remedy) {
        return new Verdict(Kind.SKIPPED, reason, remedy, null);
    }

    static Verdict refused(String reason, String remedy) {
        return new Verdict(Kind.REFUSED, reason, remedy, null);
    }

    static Verdict missing(String reason, String remedy) {
        return new Verdict(Kind.MISSING, reason, remedy, null);
    }
}
