// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates a data set as it is read, PS3.5 §A.5 (RFC 1951), within limits, and reads its source to the very end. A zlib header
 * (RFC 1950) is read over. Must be {@link #close() closed}, which leaves the source open.
 */
final class InflatedStream extends InputStream {

    private final InputStream in;
    private final ParseLimits limits;
    private final byte[] deflated = new byte[8 << 10];
    private Inflater inflater = new Inflater(true);
    private boolean started;
    private boolean zlibWrapped;
    private boolean drained;
    private long inflatedBytes;
    private long deflatedBytes;
    private long trailer;

    InflatedStream(InputStream in, ParseLimits limits) {
        this.in = in;
        this.limits = limits;
    }

    boolean zlibWrapped() {
        return zlibWrapped;
    }

    /** Bytes after the deflated stream; one of them may make its length even. */
    long trailer() {
        return trailer;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            while (!inflater.finished()) {
                int count = inflater.inflate(bytes, offset, length);
                if (count > 0) {
                    inflatedBytes += count;
                    checkLimits();
                    return count;
                }
                if (inflater.needsDictionary()) {
                    throw new DicomFormatException("The deflated data set asks for a dictionary (RFC 1950)");
                }
                if (inflater.needsInput() && !inflater.finished()) {
                    fill();
                }
            }
        } catch (DataFormatException e) {
            throw new DicomFormatException(
                    "The data set is not deflated as its transfer syntax says (PS3.5 §A.5), near byte " + deflatedBytes,
                    e);
        }
        drain();
        return -1;
    }

    private void fill() throws IOException {
        int count = started ? in.read(deflated, 0, deflated.length) : in.readNBytes(deflated, 0, 8);
        if (count <= 0) {
            throw new DicomFormatException(
                    "The deflated data set ends after " + deflatedBytes + " bytes, before the end of its stream");
        }
        if (!started) {
            started = true;
            if (isZlib(count)) {
                zlibWrapped = true;
                inflater.end();
                inflater = new Inflater(false);
            }
        }
        deflatedBytes += count;
        inflater.setInput(deflated, 0, count);
    }

    /** A zlib header that is not also a raw stored block, whose length would be followed by its complement. */
    private boolean isZlib(int count) {
        boolean header =
                count >= 2 && deflated[0] == 0x78 && (((deflated[0] & 0xFF) << 8) | (deflated[1] & 0xFF)) % 31 == 0;
        boolean stored = count >= 5 && (deflated[1] ^ deflated[3]) == -1 && (deflated[2] ^ deflated[4]) == -1;
        return header && !stored;
    }

    private void checkLimits() throws DicomLimitException {
        if (inflatedBytes > limits.inflatedBytes()) {
            throw new DicomLimitException(
                    "The inflated data set, " + inflatedBytes + " bytes or more,",
                    limits.inflatedBytes(),
                    ParseLimits.INFLATED_BYTES);
        }
        long ratio = inflatedBytes / Math.max(1, deflatedBytes);
        if (inflatedBytes > ParseLimits.RATIO_FLOOR && ratio > limits.inflateRatio()) {
            throw new DicomLimitException(
                    "The data set's inflated to deflated size, " + ratio + " to 1,",
                    limits.inflateRatio(),
                    ParseLimits.INFLATE_RATIO);
        }
    }

    private void drain() throws IOException {
        if (!drained) {
            drained = true;
            trailer = inflater.getRemaining();
            for (int count = in.read(deflated); count >= 0; count = in.read(deflated)) {
                trailer += count;
            }
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
