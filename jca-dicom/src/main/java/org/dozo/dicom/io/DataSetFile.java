// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.dozo.dicom.data.TransferSyntax;

/**
 * A kept data set, to be read at any place; a deflated one (PS3.5 §A.5) is inflated from its beginning for each reading. Offsets
 * are those of {@link BulkValue}.
 *
 * <p><em>Pitfalls:</em> what {@link #open} returns can be read until this is closed.
 */
public final class DataSetFile implements Closeable {

    private final FileChannel channel;
    private final long dataSetOffset;
    private final long dataSetLength;
    private final TransferSyntax syntax;
    private final ParseLimits limits;

    /**
     * @param dataSetOffset bytes of the file before the data set
     * @param dataSetLength bytes of the data set as it lies in the file
     */
    public DataSetFile(Path file, long dataSetOffset, long dataSetLength, TransferSyntax syntax, ParseLimits limits)
            throws IOException {
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        this.dataSetOffset = dataSetOffset;
        this.dataSetLength = dataSetLength;
        this.syntax = syntax;
        this.limits = limits;
    }

    public TransferSyntax syntax() {
        return syntax;
    }

    /** The whole data set as it lies in the file. */
    public InputStream open() {
        return new Part(dataSetOffset, dataSetLength);
    }

    /**
     * @param offset from the first byte of the (inflated) data set
     * @throws DicomFormatException if the data set ends before
     */
    public InputStream open(long offset, long length) throws IOException {
        if (!syntax.deflated()) {
            if (offset < 0 || length < 0 || offset > dataSetLength - length) {
                throw new DicomFormatException("The " + length + " bytes at offset " + offset
                        + " are beyond the data set of " + dataSetLength + " bytes");
            }
            return new Part(dataSetOffset + offset, length);
        }
        InflatedStream inflated = new InflatedStream(open(), limits);
        try {
            inflated.skipNBytes(offset);
        } catch (IOException | RuntimeException e) {
            inflated.close();
            throw e;
        }
        return new BoundedStream(inflated, length);
    }

    /** A few bytes, at most {@code limit} of them. */
    byte[] bytes(long offset, long length, int limit) throws IOException {
        if (length > limit) {
            throw new DicomFormatException("A table of " + length + " bytes is beyond " + limit);
        }
        try (InputStream in = open(offset, length)) {
            byte[] bytes = in.readNBytes((int) length);
            if (bytes.length < length) {
                throw new DicomFormatException("The data set ends within the " + length + " bytes at offset " + offset);
            }
            return bytes;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Reads at positions of its own: several may be open at once. */
    private final class Part extends InputStream {

        private long position;
        private long left;

        Part(long position, long length) {
            this.position = position;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            if (left == 0) {
                return -1;
            }
            int count = channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, left)), position);
            if (count < 0) {
                throw new DicomFormatException("The file ends " + left + " bytes too early");
            }
            position += count;
            left -= count;
            return count;
        }

        @Override
        public long skip(long count) {
            long skipped = Math.clamp(count, 0, left);
            position += skipped;
            left -= skipped;
            return skipped;
        }
    }
}
