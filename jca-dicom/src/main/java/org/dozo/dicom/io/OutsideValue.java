// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.dozo.dicom.data.VR;

/**
 * A value of an outermost element that a {@link DatasetStream} takes from elsewhere.
 *
 * @param vr one whose length field has 32 bits
 * @param encapsulated whether the pieces are the fragments of an encapsulated value, one a frame, PS3.5 §A.4; else they are one value
 */
public record OutsideValue(VR vr, boolean encapsulated, List<Piece> pieces) {

    /** Bytes in little endian. */
    public interface Piece {

        long length();

        /** Gives exactly {@link #length} bytes. */
        InputStream open() throws IOException;
    }

    /** @throws IllegalArgumentException if the VR's length field is too short for it */
    public OutsideValue {
        pieces = List.copyOf(pieces);
        if (!vr.hasLongLength()) {
            throw new IllegalArgumentException("A value of VR " + vr + " cannot come from outside");
        }
    }
}
