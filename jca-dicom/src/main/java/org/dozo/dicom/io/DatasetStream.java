// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;

/**
 * A data set as its bytes in Explicit VR Little Endian, with values taken from elsewhere as they are read: of any size, in little
 * memory.
 */
public final class DatasetStream extends InputStream {

    private static final long MOST = 0xFFFF_FFFEL;
    private static final int UNDEFINED = -1;

    /** One stretch of the bytes. */
    private interface Stretch {
        InputStream open() throws IOException;
    }

    private final Iterator<Stretch> stretches;
    private InputStream current = InputStream.nullInputStream();

    /**
     * @param header holds none of the outside values' tags
     * @throws DicomFormatException if a value is longer than an element can be
     */
    public DatasetStream(Dataset header, Map<Integer, OutsideValue> values) throws DicomFormatException {
        List<Map.Entry<Integer, OutsideValue>> inOrder = new ArrayList<>(values.entrySet());
        inOrder.sort((a, b) -> Integer.compareUnsigned(a.getKey(), b.getKey()));
        int next = 0;
        List<Stretch> list = new ArrayList<>();
        Dataset before = new Dataset();
        for (Element element : header) {
            while (next < inOrder.size()
                    && Integer.compareUnsigned(inOrder.get(next).getKey(), element.tag()) < 0) {
                before = flush(before, list);
                add(inOrder.get(next++), list);
            }
            before.set(element);
        }
        flush(before, list);
        while (next < inOrder.size()) {
            add(inOrder.get(next++), list);
        }
        stretches = list.iterator();
    }

    private static Dataset flush(Dataset before, List<Stretch> list) {
        if (!before.isEmpty()) {
            byte[] bytes = DatasetWriter.toBytes(before, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
            list.add(() -> new ByteArrayInputStream(bytes));
        }
        return new Dataset();
    }

    private static void add(Map.Entry<Integer, OutsideValue> entry, List<Stretch> list) throws DicomFormatException {
        int tag = entry.getKey();
        OutsideValue value = entry.getValue();
        long length =
                value.pieces().stream().mapToLong(OutsideValue.Piece::length).sum();
        if (!value.encapsulated()) {
            bytes(list, elementHeader(tag, value, (int) even(tag, length)));
            value.pieces().forEach(piece -> list.add(piece::open));
            pad(list, length);
            return;
        }
        bytes(list, elementHeader(tag, value, UNDEFINED));
        bytes(list, item(Tag.ITEM, 0));
        for (OutsideValue.Piece piece : value.pieces()) {
            bytes(list, item(Tag.ITEM, (int) even(tag, piece.length())));
            list.add(piece::open);
            pad(list, piece.length());
        }
        bytes(list, item(Tag.SEQUENCE_DELIMITATION_ITEM, 0));
    }

    private static void bytes(List<Stretch> list, byte[] bytes) {
        list.add(() -> new ByteArrayInputStream(bytes));
    }

    private static void pad(List<Stretch> list, long length) {
        if (length % 2 != 0) {
            bytes(list, new byte[1]);
        }
    }

    private static long even(int tag, long length) throws DicomFormatException {
        if (length > MOST) {
            throw new DicomFormatException(Tag.toString(tag) + ": its value is longer than the " + MOST
                    + " bytes that an element or fragment can have (PS3.5 §7.1)");
        }
        return length + length % 2;
    }

    private static byte[] elementHeader(int tag, OutsideValue value, int length) {
        return little(12)
                .putShort((short) Tag.group(tag))
                .putShort((short) Tag.element(tag))
                .put((byte) value.vr().name().charAt(0))
                .put((byte) value.vr().name().charAt(1))
                .putShort((short) 0)
                .putInt(length)
                .array();
    }

    private static byte[] item(int tag, int length) {
        return little(8)
                .putShort((short) Tag.group(tag))
                .putShort((short) Tag.element(tag))
                .putInt(length)
                .array();
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (true) {
            int read = current.read(into, offset, length);
            if (read > 0) {
                return read;
            }
            current.close();
            if (!stretches.hasNext()) {
                current = InputStream.nullInputStream();
                return -1;
            }
            current = stretches.next().open();
        }
    }

    @Override
    public void close() throws IOException {
        current.close();
    }
}
