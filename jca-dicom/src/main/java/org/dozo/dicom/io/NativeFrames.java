// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;

/** Frames one after the other without anything between them, PS3.5 §8.2. */
final class NativeFrames implements FrameIndex {

    private final BulkValue pixels;
    private final VR unit;
    private final int count;
    private final long bitsPerFrame;
    private final boolean bigEndian;

    private NativeFrames(BulkValue pixels, boolean bigEndian, int count, long bitsPerFrame) {
        this.pixels = pixels;
        this.unit = pixels.vr();
        this.bigEndian = bigEndian;
        this.count = count;
        this.bitsPerFrame = bitsPerFrame;
    }

    static NativeFrames of(ScannedObject object, BulkValue pixels) throws DicomFormatException {
        Dataset header = object.header();
        int count = FrameIndex.countOf(header);
        long bits = multiply(
                size(header, Tag.ROWS, "Rows"), size(header, Tag.COLUMNS, "Columns"), bitsPerPixel(header, pixels));
        long bytes = (multiply(bits, count) + 7) / 8;
        if (bytes > pixels.length()) {
            throw new DicomFormatException("Pixel data of " + pixels.length() + " bytes is shorter than the " + count
                    + " frames of " + (bits + 7) / 8 + " bytes that its header tells of");
        }
        int unit = pixels.vr().swapUnit();
        if (object.syntax().bigEndian() && count > 1 && bits % (8L * unit) != 0) {
            throw new DicomFormatException(
                    "Frames that begin within a " + 8 * unit + "-bit word of big endian pixel data"
                            + " are not taken apart: retrieve the whole instance or its bulk data");
        }
        return new NativeFrames(pixels, object.syntax().bigEndian(), count, bits);
    }

    private static long bitsPerPixel(Dataset header, BulkValue pixels) throws DicomFormatException {
        long samples = header.getLong(Tag.SAMPLES_PER_PIXEL, 1);
        long bits = switch (pixels.path().tag()) {
            case Tag.FLOAT_PIXEL_DATA -> 32;
            case Tag.DOUBLE_FLOAT_PIXEL_DATA -> 64;
            default -> size(header, Tag.BITS_ALLOCATED, "Bits Allocated");
        };
        String photometric = header.getString(Tag.PHOTOMETRIC_INTERPRETATION, "");
        // Two pixels share their chrominance, PS3.3 §C.7.6.3.1.2.
        boolean halved = samples == 3 && (photometric.equals("YBR_FULL_422") || photometric.equals("YBR_PARTIAL_422"));
        if (samples < 1 || samples > 0xFFFF) {
            throw new DicomFormatException("Samples per Pixel (0028,0002) is " + samples);
        }
        return multiply(halved ? 2 : samples, bits);
    }

    private static long size(Dataset header, int tag, String name) throws DicomFormatException {
        long size = header.getLong(tag, 0);
        if (size < 1 || size > 0xFFFF) {
            throw new DicomFormatException(
                    name + " " + Tag.toString(tag) + " is " + size + ": the frames' size can't be told");
        }
        return size;
    }

    private static long multiply(long... factors) throws DicomFormatException {
        try {
            long product = 1;
            for (long factor : factors) {
                product = Math.multiplyExact(product, factor);
            }
            return product;
        } catch (ArithmeticException e) {
            throw new DicomFormatException("The frames' size, as the header tells it, is beyond any pixel data", e);
        }
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public boolean isEncapsulated() {
        return false;
    }

    @Override
    public Frame frame(int number) {
        long start = bitsPerFrame * (number - 1);
        long end = start + bitsPerFrame;
        long offset = pixels.offset() + start / 8;
        long length = (end + 7) / 8 - start / 8;
        if (bitsPerFrame % 8 != 0) {
            return new Frame(List.of(new Frame.Slice(offset, length)), (int) (start % 8), bitsPerFrame, VR.OB);
        }
        long room = pixels.length() - start / 8;
        long words = bigEndian ? Math.min(room, Math.ceilDiv(length, unit.swapUnit()) * unit.swapUnit()) : length;
        return new Frame(List.of(new Frame.Slice(offset, words)), 0, bitsPerFrame, unit);
    }
}
