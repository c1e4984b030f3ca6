// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Reads a file of an adopted volume once and takes its digests. */
final class Adoption {

    private static final int BLOCK = 64 << 10;

    private Adoption() {}

    /**
     * @param root the volume's directory and {@code file} as real paths
     * @param headLength bytes before the data set
     */
    static <T> AdoptedObject<T> of(Volume volume, Path root, Path file, long headLength, DataSetReading<T> reading)
            throws IOException {
        StoredCopy copy = new StoredCopy(volume.id(), volume.name(), relative(root, file));
        try (InputStream in = Files.newInputStream(file)) {
            Digested head = new Digested(in, headLength);
            head.drain();
            Digested dataSet = new Digested(in, Long.MAX_VALUE);
            T content = reading.read(dataSet);
            dataSet.drain();
            return new AdoptedObject<>(
                    ObjectName.fresh().random(),
                    content,
                    copy,
                    new Fixity(head.length, head.digest.digest(), dataSet.length, dataSet.digest.digest()));
        }
    }

    /** The path goes into the database as text: it must lead back to the file. */
    private static String relative(Path root, Path file) throws IOException {
        String path = root.relativize(file).toString();
        try {
            if (root.resolve(path).equals(file)) {
                return path;
            }
        } catch (InvalidPathException e) {
            // Refused below.
        }
        throw new IOException(
                "its name is no text in UTF-8, so it can't be adopted in place: rename it, or import it by copying");
    }

    /** Hands on and digests what is read, up to a length. */
    private static final class Digested extends FilterInputStream {
        private final MessageDigest digest = Sha256.start();
        private final byte[] single = new byte[1];
        private final long most;
        private long length;

        Digested(InputStream in, long most) {
            super(in);
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int wanted) throws IOException {
            int read = length == most ? -1 : in.read(bytes, offset, (int) Math.min(wanted, most - length));
            if (read > 0) {
                digest.update(bytes, offset, read);
                length += read;
            }
            return read;
        }

        @Override
        public long skip(long wanted) throws IOException {
            byte[] bin = new byte[(int) Math.min(wanted, BLOCK)];
            long skipped = 0;
            while (skipped < wanted) {
                int read = read(bin, 0, (int) Math.min(bin.length, wanted - skipped));
                if (read < 0) {
                    break;
                }
                skipped += read;
            }
            return skipped;
        }

        void drain() throws IOException {
            while (skip(BLOCK) > 0) {
                // To the end.
            }
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        @Override
        public void close() {
            // The file is closed by who opened it.
        }
    }
}
