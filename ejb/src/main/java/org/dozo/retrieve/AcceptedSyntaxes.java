// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.util.List;
import java.util.Optional;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;

/**
 * In which transfer syntaxes somebody takes objects.
 *
 * @param uids the best liked first; empty: in any, as they are stored
 */
public record AcceptedSyntaxes(List<String> uids) {

    public static final AcceptedSyntaxes ANY = new AcceptedSyntaxes(List.of());

    public AcceptedSyntaxes {
        uids = List.copyOf(uids);
    }

    /**
     * How an object goes out: as it is stored if that is taken, else in the best liked of the uncompressed syntaxes if it is not
     * compressed; empty if it can't.
     */
    public Optional<String> choose(String storedUid) {
        if (uids.isEmpty() || uids.contains(storedUid)) {
            return Optional.of(storedUid);
        }
        return isUncompressed(storedUid)
                ? uids.stream().filter(AcceptedSyntaxes::isUncompressed).findFirst()
                : Optional.empty();
    }

    private static boolean isUncompressed(String uid) {
        TransferSyntax syntax = TransferSyntaxes.of(uid);
        return syntax != null && !syntax.encapsulated();
    }
}
