// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.dozo.dicom.io.DataSetFile;
import org.dozo.dicom.io.Frame;

/** One long value of an object; its numbers are in little endian. */
public final class OutgoingBulkData implements Closeable {

    private final String transferSyntaxUid;
    private final boolean compressed;
    private final Frame value;
    private final DataSetFile file;

    OutgoingBulkData(String transferSyntaxUid, boolean compressed, Frame value, DataSetFile file) {
        this.transferSyntaxUid = transferSyntaxUid;
        this.compressed = compressed;
        this.value = value;
        this.file = file;
    }

    /** That of the object it is from. */
    public String transferSyntaxUid() {
        return transferSyntaxUid;
    }

    /** Whether it was in fragments; they come one after the other, without anything between them. */
    public boolean isCompressed() {
        return compressed;
    }

    /** In bytes. */
    public long length() {
        return value.length();
    }

    public InputStream open() throws IOException {
        return value.open(file);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
