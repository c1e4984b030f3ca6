// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.dozo.dicom.Peer;
import org.dozo.dicom.data.SpecificCharacterSet;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * An application entity that may call, or be called by, the archive.
 *
 * @param aeTitle 1 to 16 characters of ISO 646 without control characters, backslash or outer spaces, PS3.5 §6.2 (AE)
 * @param host a name or an address; calls must come from one of its addresses
 * @param port 1 to 65535, where it listens
 * @param allow what it may ask of us
 * @param note for people; at most 1000 characters
 * @param proof that is asked for of what was sent to it
 * @param notified whether it is told of studies that are complete, PS3.4 §R
 * @param characterSet of what it is answered by C-FIND, as long as that loses nothing; the default: chosen for each response
 */
public record KnownPeer(
        String aeTitle,
        String host,
        int port,
        boolean tls,
        Set<Permission> allow,
        String note,
        ProofWanted proof,
        boolean notified,
        SpecificCharacterSet characterSet) {

    private static final Pattern AE_TITLE = Pattern.compile("[\\x20-\\x7E&&[^\\\\]]{1,16}");
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,252})|[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9._-]{1,30})?");
    private static final int LONGEST_NOTE = 1000;

    /** @throws FailureException {@link Failure#INVALID_RECORD} naming the field */
    public KnownPeer {
        require(
                isAeTitle(aeTitle),
                "aeTitle",
                "1 to 16 characters without backslash, control characters or outer spaces");
        require(HOST.matcher(host).matches(), "host", "a host name or an address");
        require(port >= 1 && port <= 65535, "port", "a number from 1 to 65535");
        require(
                note.length() <= LONGEST_NOTE && note.indexOf('\0') < 0,
                "note",
                "at most " + LONGEST_NOTE + " characters");
        EnumSet<Permission> copy = EnumSet.noneOf(Permission.class);
        copy.addAll(allow);
        allow = java.util.Collections.unmodifiableSet(copy);
    }

    /** One that is told of nothing, and answered in whatever character set loses nothing. */
    public KnownPeer(
            String aeTitle, String host, int port, boolean tls, Set<Permission> allow, String note, ProofWanted proof) {
        this(aeTitle, host, port, tls, allow, note, proof, false, SpecificCharacterSet.DEFAULT);
    }

    /** One that is told of nothing, and asked for the best proof there is. */
    public KnownPeer(String aeTitle, String host, int port, boolean tls, Set<Permission> allow, String note) {
        this(aeTitle, host, port, tls, allow, note, ProofWanted.COMMITMENT);
    }

    /**
     * As {@link #characterSet} stands in the database, in JSON and in YAML: the value of Specific Character Set (0008,0005), or nothing.
     *
     * @throws FailureException {@link Failure#INVALID_RECORD} naming the term that is none, and those that are
     */
    public static SpecificCharacterSet characterSetOf(String value) {
        try {
            return SpecificCharacterSet.parse(value);
        } catch (IllegalArgumentException e) {
            throw new FailureException(
                    Failure.INVALID_RECORD,
                    "The peer's characterSet must be a value of Specific Character Set (0008,0005): " + e.getMessage(),
                    e);
        }
    }

    static boolean isAeTitle(String text) {
        return AE_TITLE.matcher(text).matches() && text.strip().equals(text);
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new FailureException(Failure.INVALID_RECORD, "The peer's " + field + " must be " + rule);
        }
    }

    public boolean may(Permission permission) {
        return allow.contains(permission);
    }

    /** As it is called. */
    public Peer address() {
        return new Peer(aeTitle, host, port, tls);
    }
}
