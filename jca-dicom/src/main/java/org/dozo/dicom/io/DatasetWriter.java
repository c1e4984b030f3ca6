// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;

/**
 * Writes data sets, PS3.5 §7 and Annex A. Group Lengths are computed for the groups 0000 and 0002, which need them, and left out
 * of all others (§7.2). Values of odd length are padded.
 *
 * <p>A data set in a deflated syntax needs a {@link #finish()}.
 */
public final class DatasetWriter {

    /** How the length of sequences and items is told, PS3.5 §7.5. */
    public enum Lengths {
        DEFINED,
        UNDEFINED
    }

    private final OutputStream out;
    private final Encoding encoding;
    private final Lengths lengths;
    private final byte[] scratch = new byte[12];

    public DatasetWriter(OutputStream out, TransferSyntax syntax, Lengths lengths) {
        this(syntax.deflated() ? new EvenDeflaterStream(out) : out, Encoding.of(syntax), lengths);
    }

    DatasetWriter(OutputStream out, Encoding encoding, Lengths lengths) {
        this.out = out;
        this.encoding = encoding;
        this.lengths = lengths;
    }

    /** The data set's bytes, with sequences of defined length. */
    public static byte[] toBytes(Dataset dataset, TransferSyntax syntax) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try {
            DatasetWriter writer = new DatasetWriter(bytes, syntax, Lengths.DEFINED);
            writer.write(dataset);
            writer.finish();
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    public void write(Dataset dataset) throws IOException {
        long group = -1;
        for (Element element : dataset) {
            if (Tag.isGroupLength(element.tag())) {
                continue;
            }
            int next = Tag.group(element.tag());
            if (next != group && (next == 0x0000 || next == 0x0002)) {
                writeGroupLength(dataset, next);
            }
            group = next;
            write(element);
        }
    }

    /** Ends a deflated stream and makes its length even. The stream below stays open. */
    public void finish() throws IOException {
        if (out instanceof EvenDeflaterStream deflater) {
            deflater.finish();
        }
        out.flush();
    }

    private void writeGroupLength(Dataset dataset, int group) throws IOException {
        long length = 0;
        for (Element element : dataset) {
            if (Tag.group(element.tag()) == group && !Tag.isGroupLength(element.tag())) {
                length += length(element);
            }
        }
        writeHeader(group << 16, VR.UL, 4);
        put32(0, length);
        out.write(scratch, 0, 4);
    }

    void write(Element element) throws IOException {
        if (element.isSequence()) {
            writeItems(element);
        } else if (element.isEncapsulated()) {
            writeHeader(element.tag(), element.vr(), ElementHeader.UNDEFINED);
            for (byte[] fragment : element.fragments()) {
                writeItemHeader(Tag.ITEM, even(fragment.length));
                writePadded(fragment, (byte) 0);
            }
            writeItemHeader(Tag.SEQUENCE_DELIMITATION_ITEM, 0);
        } else {
            byte[] bytes = element.bytes();
            if (encoding.bigEndian() && element.vr().swapUnit() > 1) {
                bytes = bytes.clone();
                ByteOrders.swap(bytes, element.vr());
            }
            writeHeader(element.tag(), writtenVr(element), even(bytes.length));
            writePadded(bytes, element.vr().padding());
        }
    }

    private void writeItems(Element sequence) throws IOException {
        boolean defined = lengths == Lengths.DEFINED;
        writeHeader(sequence.tag(), VR.SQ, defined ? itemsLength(sequence) : ElementHeader.UNDEFINED);
        for (Dataset item : sequence.items()) {
            writeItemHeader(Tag.ITEM, defined ? length(item) : ElementHeader.UNDEFINED);
            write(item);
            if (!defined) {
                writeItemHeader(Tag.ITEM_DELIMITATION_ITEM, 0);
            }
        }
        if (!defined) {
            writeItemHeader(Tag.SEQUENCE_DELIMITATION_ITEM, 0);
        }
    }

    // --- lengths

    private long length(Dataset dataset) {
        long length = 0;
        for (Element element : dataset) {
            length += Tag.isGroupLength(element.tag()) ? 0 : length(element);
        }
        return length;
    }

    private long length(Element element) {
        int header = encoding.explicit() && writtenVr(element).hasLongLength() ? 12 : 8;
        if (element.isSequence()) {
            return header + itemsLength(element) + (lengths == Lengths.DEFINED ? 0 : 8);
        }
        if (element.isEncapsulated()) {
            return header
                    + 8
                    + element.fragments().stream()
                            .mapToLong(f -> 8 + even(f.length))
                            .sum();
        }
        return header + even(element.bytes().length);
    }

    private long itemsLength(Element sequence) {
        long length = 0;
        for (Dataset item : sequence.items()) {
            length += length(item) + (lengths == Lengths.DEFINED ? 8 : 16);
        }
        return length;
    }

    private static long even(long length) {
        return length + (length & 1);
    }

    /** A value too long for a 16-bit length is written as UN, PS3.5 §6.2.2 note 6. */
    private VR writtenVr(Element element) {
        boolean tooLong = !element.vr().hasLongLength() && element.bytes().length > 0xFFFE;
        return tooLong && !encoding.bigEndian() ? VR.UN : element.vr();
    }

    // --- bytes

    void writeHeader(int tag, VR vr, long length) throws IOException {
        putTag(tag);
        int size = 8;
        if (!encoding.explicit()) {
            put32(4, length);
        } else {
            scratch[4] = (byte) vr.name().charAt(0);
            scratch[5] = (byte) vr.name().charAt(1);
            if (vr.hasLongLength()) {
                put16(6, 0);
                put32(8, length);
                size = 12;
            } else if (length > 0xFFFF) {
                throw new IllegalArgumentException(
                        Tag.toString(tag) + " of VR " + vr + " is too long for explicit VR: " + length + " bytes");
            } else {
                put16(6, (int) length);
            }
        }
        out.write(scratch, 0, size);
    }

    void writeItemHeader(int tag, long length) throws IOException {
        putTag(tag);
        put32(4, length);
        out.write(scratch, 0, 8);
    }

    private void writePadded(byte[] bytes, byte padding) throws IOException {
        out.write(bytes);
        if (bytes.length % 2 != 0) {
            out.write(padding);
        }
    }

    private void putTag(int tag) {
        put16(0, Tag.group(tag));
        put16(2, Tag.element(tag));
    }

    private void put16(int at, int value) {
        scratch[encoding.bigEndian() ? at + 1 : at] = (byte) value;
        scratch[encoding.bigEndian() ? at : at + 1] = (byte) (value >>> 8);
    }

    private void put32(int at, long value) {
        put16(encoding.bigEndian() ? at + 2 : at, (int) value);
        put16(encoding.bigEndian() ? at : at + 2, (int) (value >>> 16));
    }

    /** Raw deflate (RFC 1951), padded to an even length with a zero byte, PS3.5 §A.5. */
    private static final class EvenDeflaterStream extends DeflaterOutputStream {

        EvenDeflaterStream(OutputStream out) {
            super(out, new Deflater(Deflater.DEFAULT_COMPRESSION, true), 8192);
        }

        @Override
        public void finish() throws IOException {
            super.finish();
            if (def.getBytesWritten() % 2 != 0) {
                out.write(0);
            }
            def.end();
        }
    }
}
