// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import org.dozo.dicom.io.DicomLimitException;
import org.dozo.dicom.io.ParseLimits;

/** A file in a ZIP as it is inflated: no longer than the limits grant, and what its checksum says. */
final class EntryStream extends FilterInputStream {

    private final ZipEntry entry;
    private final AtomicLong zipInflated;
    private final long zipLimit;
    private final ParseLimits limits;
    private final CRC32 crc = new CRC32();
    private final byte[] single = new byte[1];
    private long length;

    /**
     * @param zipInflated bytes that all files of the ZIP have come to so far
     * @param zipLength bytes of the ZIP
     */
    EntryStream(InputStream in, ZipEntry entry, AtomicLong zipInflated, long zipLength, ParseLimits limits) {
        super(in);
        this.entry = entry;
        this.zipInflated = zipInflated;
        this.zipLimit = Math.max(ParseLimits.RATIO_FLOOR, zipLength * limits.inflateRatio());
        this.limits = limits;
    }

    @Override
    public int read() throws IOException {
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int most) throws IOException {
        int read = super.read(bytes, offset, most);
        if (read < 0) {
            if (crc.getValue() != entry.getCrc()) {
                throw new ZipException("its checksum in the ZIP is not that of its content");
            }
            return read;
        }
        crc.update(bytes, offset, read);
        length += read;
        if (length > limits.inflatedBytes() && entry.getMethod() != ZipEntry.STORED) {
            throw new DicomLimitException(
                    "The inflated size, " + length + " bytes or more,",
                    limits.inflatedBytes(),
                    "limits.inflated-bytes");
        }
        if (zipInflated.addAndGet(read) > zipLimit) {
            throw new DicomLimitException(
                    "The inflated size of the whole ZIP, in multiples of its length,",
                    limits.inflateRatio(),
                    "limits.inflate-ratio");
        }
        return read;
    }

    /** By reading: what is skipped counts and is checked as well. */
    @Override
    public long skip(long most) throws IOException {
        byte[] bin = new byte[(int) Math.min(most, 64 << 10)];
        long skipped = 0;
        while (skipped < most) {
            int read = read(bin, 0, (int) Math.min(bin.length, most - skipped));
            if (read < 0) {
                break;
            }
            skipped += read;
        }
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
