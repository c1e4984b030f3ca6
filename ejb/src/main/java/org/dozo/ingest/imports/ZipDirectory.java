// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** How long the central directory of a ZIP is, PKWARE APPNOTE §4.3.14 to §4.3.16: it is read whole into memory, so asked before. */
final class ZipDirectory {

    private static final int END = 0x06054b50;
    private static final int END_LENGTH = 22;
    private static final int ZIP64_LOCATOR = 0x07064b50;
    private static final int ZIP64_LOCATOR_LENGTH = 20;
    private static final int ZIP64_END = 0x06064b50;
    private static final int ZIP64_END_LENGTH = 56;
    private static final int LONGEST_COMMENT = 0xFFFF;

    private ZipDirectory() {}

    /** @throws ZipException if the file does not end as a ZIP does */
    static long length(Path file) throws IOException {
        try (RandomAccessFile zip = new RandomAccessFile(file.toFile(), "r")) {
            int tail = (int) Math.min(zip.length(), END_LENGTH + LONGEST_COMMENT + ZIP64_LOCATOR_LENGTH);
            long tailStart = zip.length() - tail;
            ByteBuffer bytes = read(zip, tailStart, tail);
            for (int at = tail - END_LENGTH; at >= 0; at--) {
                if (bytes.getInt(at) == END) {
                    long length = Integer.toUnsignedLong(bytes.getInt(at + 12));
                    return Math.max(length, zip64Length(zip, bytes, at - ZIP64_LOCATOR_LENGTH));
                }
            }
            throw new ZipException("it does not end as a ZIP does: incomplete?");
        }
    }

    /** 0 if it is no ZIP64. */
    private static long zip64Length(RandomAccessFile zip, ByteBuffer tail, int locator) throws IOException {
        if (locator < 0 || tail.getInt(locator) != ZIP64_LOCATOR) {
            return 0;
        }
        long end = tail.getLong(locator + 8);
        if (end < 0 || end > zip.length() - ZIP64_END_LENGTH) {
            return 0;
        }
        ByteBuffer record = read(zip, end, ZIP64_END_LENGTH);
        long length = record.getLong(40);
        return record.getInt(0) == ZIP64_END ? length < 0 ? Long.MAX_VALUE : length : 0;
    }

    private static ByteBuffer read(RandomAccessFile zip, long at, int length) throws IOException {
        byte[] bytes = new byte[length];
        zip.seek(at);
        zip.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
