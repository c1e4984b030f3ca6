// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digest of all fixity checks. */
public final class Sha256 {

    private Sha256() {}

    public static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform must have SHA-256", e);
        }
    }

    static byte[] of(byte[] bytes) {
        return start().digest(bytes);
    }
}
