// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The transfer syntaxes of PS3.6 A. Signatures first. */
public final class TransferSyntaxes {

    private TransferSyntaxes() {}

    public static @Nullable TransferSyntax of(String uid) {
        for (TransferSyntax each : all()) {
            if (each.uid().equals(uid)) {
                return each;
            }
        }
        return null;
    }

    public static Collection<TransferSyntax> all() {
        return List.of(
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_BIG_ENDIAN);
    }
}
