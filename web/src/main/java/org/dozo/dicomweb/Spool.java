// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.dozo.dicom.io.OutsideValue;
import org.dozo.settings.StowSettings;
import org.dozo.shared.Failure;

/** The parts of one request that must wait for others, in one temporary file that vanishes with it. Not thread-safe. */
final class Spool implements Closeable {

    private final FileChannel file;
    private final long most;
    private long length;

    Spool(Path directory, long most) throws IOException {
        Path path = Files.createTempFile(directory, "stow-", ".spool");
        this.file = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        this.most = most;
    }

    /** The bytes of one part. */
    final class Slice implements OutsideValue.Piece {

        private final long offset;
        private final long size;

        private Slice(long offset, long size) {
            this.offset = offset;
            this.size = size;
        }

        @Override
        public long length() {
            return size;
        }

        @Override
        public InputStream open() {
            return new SliceStream(offset, offset + size);
        }
    }

    /** Keeps what is left of a stream. */
    Slice keep(InputStream in) throws IOException {
        long start = length;
        byte[] block = new byte[64 << 10];
        for (int read = in.read(block); read >= 0; read = in.read(block)) {
            if (length + read > most) {
                throw new MultipartException(
                        Failure.LIMIT_EXCEEDED,
                        "The request's metadata and bulk data are more than " + most + " bytes, the limit set by "
                                + StowSettings.MAX_SPOOL + ": send several requests, or application/dicom");
            }
            ByteBuffer bytes = ByteBuffer.wrap(block, 0, read);
            while (bytes.hasRemaining()) {
                length += file.write(bytes, length);
            }
        }
        return new Slice(start, length - start);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private final class SliceStream extends InputStream {

        private final long end;
        private long position;

        SliceStream(long position, long end) {
            this.position = position;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            if (count == 0) {
                return 0;
            }
            if (position >= end) {
                return -1;
            }
            int read = file.read(ByteBuffer.wrap(into, offset, (int) Math.min(count, end - position)), position);
            if (read < 0) {
                throw new IOException("The spool of a request ends before its time");
            }
            position += read;
            return read;
        }
    }
}
