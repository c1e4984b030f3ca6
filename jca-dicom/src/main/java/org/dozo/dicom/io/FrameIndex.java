// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;

/** Where the frames of an object's pixel data are. Costs no more than a number a fragment, whatever the pixels' size. */
public sealed interface FrameIndex permits NativeFrames, EncapsulatedFrames {

    /** How many there are; at least 1. */
    int count();

    /** @param number from 1 to {@link #count} */
    Frame frame(int number);

    /** Whether frames are compressed: given as they are in the fragments. */
    boolean isEncapsulated();

    /**
     * Finds the frames of Pixel Data, Float Pixel Data or Double Float Pixel Data. Of native pixel data nothing is read; of
     * encapsulated the offset tables, and the beginnings and ends of the fragments where the tables do not tell.
     *
     * @param file the data set that {@code object} was scanned from
     * @throws DicomFormatException if it has no pixel data, or its frames can't be told apart; the message says why
     */
    static FrameIndex of(ScannedObject object, DataSetFile file) throws IOException {
        for (BulkValue value : object.bulkValues()) {
            if (value.path().items().isEmpty() && Tag.isPixelData(value.path().tag())) {
                return value.fragments() == null
                        ? NativeFrames.of(object, value)
                        : EncapsulatedFrames.of(object, value, value.fragments(), file);
            }
        }
        throw new DicomFormatException("The object has no pixel data, hence no frames");
    }

    /** Number of Frames (0028,0008), PS3.3 §C.7.6.6; 1 if it is absent. */
    static int countOf(Dataset header) throws DicomFormatException {
        long frames = header.contains(Tag.NUMBER_OF_FRAMES) ? header.getLong(Tag.NUMBER_OF_FRAMES, 1) : 1;
        if (frames < 1 || frames > Integer.MAX_VALUE) {
            throw new DicomFormatException("Number of Frames (0028,0008) is " + frames + ", it must be 1 or more");
        }
        return (int) frames;
    }
}
