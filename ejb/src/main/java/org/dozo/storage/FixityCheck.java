// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Reads a copy again, whole, and compares. */
final class FixityCheck {

    private static final int BLOCK = 64 << 10;

    private FixityCheck() {}

    static CopyCondition of(Path file, Fixity expected) {
        try (InputStream bytes = Files.newInputStream(file)) {
            boolean good = Files.size(file) == expected.headLength() + expected.dataSetLength()
                    && digest(bytes, expected.headLength()).equals(expected.headSha256())
                    && digest(bytes, expected.dataSetLength()).equals(expected.dataSetSha256());
            return good ? CopyCondition.GOOD : CopyCondition.DAMAGED;
        } catch (NoSuchFileException e) {
            return CopyCondition.GONE;
        } catch (IOException e) {
            return CopyCondition.UNKNOWN;
        }
    }

    private static String digest(InputStream bytes, long length) throws IOException {
        MessageDigest digest = Sha256.start();
        byte[] block = new byte[BLOCK];
        long left = length;
        while (left > 0) {
            int read = bytes.read(block, 0, (int) Math.min(block.length, left));
            if (read < 0) {
                break;
            }
            digest.update(block, 0, read);
            left -= read;
        }
        return Fixity.hex(digest.digest());
    }
}
