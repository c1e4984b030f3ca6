// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The transfer syntaxes of PS3.6 A, the retired ones included. The facts are in {@code transfer-syntaxes.tsv}, which names
 * its edition and source.
 */
public final class TransferSyntaxes {

    /**
     * Not for storage, though the standard names them: JPIP Referenced (the pixels stay with a server that may vanish), RFC
     * 2557 MIME and XML encodings (never those of a Data Set on an association), Papyrus 3, SMPTE ST 2110 (real-time only).
     */
    private static final Set<String> NOT_STORABLE = Set.of(
            "1.2.840.10008.1.2.4.94",
            "1.2.840.10008.1.2.4.95",
            "1.2.840.10008.1.2.4.204",
            "1.2.840.10008.1.2.4.205",
            "1.2.840.10008.1.2.6.1",
            "1.2.840.10008.1.2.6.2",
            "1.2.840.10008.1.20",
            "1.2.840.10008.1.2.7.1",
            "1.2.840.10008.1.2.7.2",
            "1.2.840.10008.1.2.7.3");

    private TransferSyntaxes() {}

    private static final class Lazy {
        static final Map<String, TransferSyntax> BY_UID = new LinkedHashMap<>();

        static {
            for (String[] fields : DataFile.read("transfer-syntaxes.tsv", 4)) {
                BY_UID.put(fields[0], transferSyntax(fields[0], fields[1], fields[2], !fields[3].isEmpty()));
            }
        }

        private static TransferSyntax transferSyntax(String uid, String flags, String name, boolean retired) {
            return new TransferSyntax(
                    uid,
                    name + (retired ? " (Retired)" : ""),
                    !flags.contains("I"),
                    flags.contains("B"),
                    flags.contains("D"),
                    flags.contains("E"));
        }
    }

    /** The transfer syntax of a UID; null if the standard does not know it, see {@link TransferSyntax#unknown}. */
    public static @Nullable TransferSyntax of(String uid) {
        return Lazy.BY_UID.get(uid);
    }

    /** Whether the standard knows it, and an object can be kept in it for good. */
    public static boolean isStorable(String uid) {
        return Lazy.BY_UID.containsKey(uid) && !NOT_STORABLE.contains(uid);
    }

    /** All of them, ordered by UID; unmodifiable. */
    public static Collection<TransferSyntax> all() {
        return Collections.unmodifiableCollection(Lazy.BY_UID.values());
    }
}
