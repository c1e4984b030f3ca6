// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The transfer syntaxes of PS3.6 A, the retired ones included. The facts are in {@code transfer-syntaxes.tsv}, which names
 * its edition and source.
 */
public final class TransferSyntaxes {

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

    /** All of them, ordered by UID; unmodifiable. */
    public static Collection<TransferSyntax> all() {
        return Collections.unmodifiableCollection(Lazy.BY_UID.values());
    }
}
