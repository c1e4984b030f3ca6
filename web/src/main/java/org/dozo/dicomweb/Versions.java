// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.io.DatasetWriter;

/**
 * Names the version of a representation, for ETag and as boundary: equal if, and only if, all that was put in is. What is put in
 * holds the random name of an object, so no sender can guess it.
 */
final class Versions {

    private static final int DIGEST_BYTES = 16;

    private final MessageDigest digest;

    Versions(String kind) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
        add(kind);
    }

    Versions add(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return this;
    }

    Versions add(Dataset patch) {
        if (!patch.isEmpty()) {
            digest.update(DatasetWriter.toBytes(patch, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        }
        digest.update((byte) 0);
        return this;
    }

    /** 32 hexadecimal digits. To be asked once. */
    String value() {
        return HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
    }
}
