// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;

/**
 * The bytes are not what PS3.5 allows, and no known tolerance makes their reading certain. The message names the tag, the offset
 * and the fault, never a value. Any other {@link IOException} out of a reader is the source's own: a broken connection or disk.
 */
public class DicomFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    public DicomFormatException(String message) {
        super(message);
    }

    public DicomFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
