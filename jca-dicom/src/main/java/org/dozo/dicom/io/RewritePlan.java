// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter.Lengths;

/** Lays out an object anew: its header in memory, written in another encoding, and in between the bulk values where they are. */
final class RewritePlan {

    /** A piece of the data set as it is to be sent. */
    sealed interface Segment {
        long length();
    }

    /** Bytes of the header. */
    static final class Written implements Segment {

        private final byte[] bytes;

        Written(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public long length() {
            return bytes.length;
        }

        void copy(long from, byte[] into, int offset, int length) {
            System.arraycopy(bytes, (int) from, into, offset, length);
        }
    }

    /**
     * Bytes of the data set as it is kept.
     *
     * @param unit of bytes that change their order, 1 for none
     */
    record Kept(long offset, long length, int unit) implements Segment {}

    private final Encoding to;
    private final boolean swapped;
    private final Map<List<ElementPath.Step>, TreeMap<Integer, BulkValue>> bulk = new HashMap<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
    private final DatasetWriter writer;
    private final List<Segment> segments = new ArrayList<>();
    private final List<ElementPath.Step> path = new ArrayList<>();
    private long position;

    private RewritePlan(ScannedObject object, Encoding to) {
        this.to = to;
        this.swapped = object.syntax().bigEndian() != to.bigEndian();
        this.writer = new DatasetWriter(bytes, to, Lengths.UNDEFINED);
        for (BulkValue value : object.bulkValues()) {
            bulk.computeIfAbsent(value.path().items(), items -> new TreeMap<>(Integer::compareUnsigned))
                    .put(value.path().tag(), value);
        }
    }

    /** @throws DicomFormatException if a value can't be written in this encoding, or the bulk values are not in the order of their tags */
    static List<Segment> of(ScannedObject object, Encoding to) throws DicomFormatException {
        RewritePlan plan = new RewritePlan(object, to);
        try {
            plan.write(object.header());
            plan.cut();
        } catch (DicomFormatException e) {
            throw e;
        } catch (IllegalArgumentException | IOException e) {
            throw new DicomFormatException(String.valueOf(e.getMessage()), e);
        }
        return plan.segments;
    }

    private void write(Dataset dataset) throws IOException {
        TreeMap<Integer, BulkValue> own = bulk.getOrDefault(path, new TreeMap<>(Integer::compareUnsigned));
        for (Element element : dataset) {
            Map.Entry<Integer, BulkValue> first = own.firstEntry();
            while (first != null && Integer.compareUnsigned(first.getKey(), element.tag()) < 0) {
                leave(own.pollFirstEntry().getValue());
                first = own.firstEntry();
            }
            if (element.isSequence()) {
                writeItems(element);
            } else if (!Tag.isGroupLength(element.tag())) {
                writer.write(element);
            }
        }
        for (BulkValue value : own.values()) {
            leave(value);
        }
    }

    private void writeItems(Element sequence) throws IOException {
        writer.writeHeader(sequence.tag(), VR.SQ, ElementHeader.UNDEFINED);
        List<Dataset> items = sequence.items();
        for (int i = 0; i < items.size(); i++) {
            writer.writeItemHeader(Tag.ITEM, ElementHeader.UNDEFINED);
            path.add(new ElementPath.Step(sequence.tag(), i));
            write(items.get(i));
            path.removeLast();
            writer.writeItemHeader(Tag.ITEM_DELIMITATION_ITEM, 0);
        }
        writer.writeItemHeader(Tag.SEQUENCE_DELIMITATION_ITEM, 0);
    }

    private void leave(BulkValue value) throws IOException {
        if (value.offset() < position) {
            throw new DicomFormatException(value.path() + " lies before a value with a smaller tag");
        }
        position = value.offset() + value.length();
        if (value.fragments() != null) {
            writer.writeHeader(value.path().tag(), value.vr(), ElementHeader.UNDEFINED);
            keep(value, 1);
            writer.writeItemHeader(Tag.SEQUENCE_DELIMITATION_ITEM, 0);
            return;
        }
        VR vr = writtenVr(value);
        long padding = value.length() & 1;
        writer.writeHeader(value.path().tag(), vr, value.length() + padding);
        keep(value, swapped ? vr.swapUnit() : 1);
        if (padding != 0) {
            bytes.write(vr.padding());
        }
    }

    /** What the dictionary calls a sequence and is none, or is too long for its VR, is UN: PS3.5 §6.2.2 note 6. */
    private VR writtenVr(BulkValue value) {
        VR vr = value.vr();
        boolean tooLong = to.explicit() && !vr.hasLongLength() && value.length() > 0xFFFE;
        return vr == VR.SQ || tooLong ? VR.UN : vr;
    }

    private void keep(BulkValue value, int unit) {
        cut();
        segments.add(new Kept(value.offset(), value.length(), unit));
    }

    private void cut() {
        if (bytes.size() > 0) {
            segments.add(new Written(bytes.toByteArray()));
            bytes.reset();
        }
    }
}
