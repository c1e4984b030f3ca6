// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.dozo.dicom.io.DataSetFile;
import org.dozo.dicom.io.FrameIndex;

/** The frames of an object, as they are stored; native ones in little endian. */
public final class OutgoingFrames implements Closeable {

    private final String transferSyntaxUid;
    private final FrameIndex index;
    private final DataSetFile file;

    OutgoingFrames(String transferSyntaxUid, FrameIndex index, DataSetFile file) {
        this.transferSyntaxUid = transferSyntaxUid;
        this.index = index;
        this.file = file;
    }

    /** That of the object they are from. */
    public String transferSyntaxUid() {
        return transferSyntaxUid;
    }

    /** Whether each is a compressed stream. */
    public boolean areCompressed() {
        return index.isEncapsulated();
    }

    public int count() {
        return index.count();
    }

    /** @param number from 1 to {@link #count} */
    public long length(int number) {
        return index.frame(number).length();
    }

    /** @param number from 1 to {@link #count} */
    public InputStream open(int number) throws IOException {
        return index.frame(number).open(file);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
