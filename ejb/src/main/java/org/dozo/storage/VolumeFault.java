// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/**
 * What an error of a volume's file system means for the volume.
 *
 * <p>Java gives the operating system's words, not its error number. If they are not understood (another language), the state is
 * FAILED until the next check has measured space and permission itself.
 *
 * @param reason for operators, without stack trace
 */
record VolumeFault(VolumeState state, String reason) {

    static VolumeFault of(Exception error) {
        String reason = reason(error);
        String words = reason.toLowerCase(Locale.ROOT);
        if (words.contains("no space left") || words.contains("quota exceeded")) {
            return new VolumeFault(VolumeState.FULL, reason);
        }
        if (words.contains("read-only file system")) {
            return new VolumeFault(VolumeState.READ_ONLY, reason);
        }
        return new VolumeFault(VolumeState.FAILED, reason);
    }

    private static String reason(Exception error) {
        if (error instanceof NoSuchFileException missing) {
            return missing.getFile() + " is gone";
        }
        if (error instanceof FileSystemException refused && refused.getReason() != null) {
            return refused.getFile() + ": " + refused.getReason();
        }
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }
}
