// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.jspecify.annotations.Nullable;

/**
 * Reads data sets from a stream, PS3.5 §7 and Annex A, keeping every value in memory. For objects with pixels, or from
 * strangers, use {@link ObjectScanner}.
 *
 * <p>Faults are read over where what is meant is certain; {@link #findings()} lists them. Group Lengths are compared with their
 * groups and dropped, but for those of the groups 0000 and 0002 (PS3.5 §7.2).
 *
 * <p>Every method that reads throws {@link DicomFormatException} if the bytes are malformed or end too early, {@link
 * DicomLimitException} if they ask for more than the limits grant, and passes on any {@link IOException} of the stream.
 *
 * <p><em>Pitfalls:</em> it reads ahead: after it, the stream stands anywhere. Not thread-safe.
 */
public final class DatasetReader {

    private static final int ANY = -1;

    private final ReadAhead source;
    private final Encoding encoding;
    private final Budget budget;
    private final BoundedSource bounds;
    private final List<ElementPath.Step> path;
    private final @Nullable BulkCollector bulk;
    private final LongConsumer outermostItems;
    private boolean signedPixels;

    public DatasetReader(InputStream in, TransferSyntax syntax, ParseLimits limits) {
        this(
                new ReadAhead(syntax.deflated() ? new InflatedStream(in, limits) : in),
                Encoding.of(syntax),
                new Budget(limits),
                new ArrayList<>(),
                null);
    }

    /** @param bulk takes the values that are not to be kept; null keeps all */
    DatasetReader(
            ReadAhead source,
            Encoding encoding,
            Budget budget,
            List<ElementPath.Step> path,
            @Nullable BulkCollector bulk) {
        this(source, encoding, budget, path, bulk, position -> {});
    }

    /** @param outermostItems is told where each item of the data set's own sequences begins */
    DatasetReader(
            ReadAhead source,
            Encoding encoding,
            Budget budget,
            List<ElementPath.Step> path,
            @Nullable BulkCollector bulk,
            LongConsumer outermostItems) {
        this.source = source;
        this.encoding = encoding;
        this.budget = budget;
        this.bounds = new BoundedSource(source, budget);
        this.path = path;
        this.bulk = bulk;
        this.outermostItems = outermostItems;
    }

    /** A data set that ends where the stream ends. */
    public static Dataset read(InputStream in, TransferSyntax syntax, ParseLimits limits) throws IOException {
        return new DatasetReader(in, syntax, limits).read();
    }

    /** The data set of these bytes, within the default limits. */
    public static Dataset read(byte[] bytes, TransferSyntax syntax) throws IOException {
        return read(new ByteArrayInputStream(bytes), syntax, ParseLimits.DEFAULT);
    }

    /** Reads to the end of the stream. */
    public Dataset read() throws IOException {
        Dataset dataset = new Dataset();
        readElements(new Scope(dataset, encoding, Long.MAX_VALUE, false, ANY));
        return dataset;
    }

    /** Reads until an element of another group lies ahead, or to the end of the stream. */
    public Dataset readGroup(int group) throws IOException {
        Dataset dataset = new Dataset();
        readElements(new Scope(dataset, encoding, Long.MAX_VALUE, false, group));
        return dataset;
    }

    /** Faults that were read over so far; at most 100, each kind and tag once. */
    public List<Finding> findings() {
        return budget.findings();
    }

    /** Bytes taken so far, inflated if the data set is deflated. */
    public long position() {
        return source.position();
    }

    /**
     * Where elements are read from and into.
     *
     * @param end position that no element may pass: of the item, or of what encloses it
     * @param delimited whether an Item Delimitation Item ends it
     * @param group at whose end to stop, or {@link #ANY}
     */
    private record Scope(Dataset into, Encoding encoding, long end, boolean delimited, int group) {

        boolean isItem() {
            return delimited || end != Long.MAX_VALUE;
        }
    }

    private void readElements(Scope scope) throws IOException {
        GroupLength group = new GroupLength(budget);
        long last = -1;
        while (source.position() < scope.end) {
            if (!source.has(8)) {
                endOfStream(scope);
                break;
            }
            int tag = source.tag(0, scope.encoding.bigEndian());
            if (Tag.group(tag) == 0xFFFE) {
                if (takeDelimiter(scope, tag)) {
                    group.end();
                    return;
                }
                continue;
            }
            long order = Integer.toUnsignedLong(tag);
            if ((scope.group != ANY && scope.group != Tag.group(tag))
                    || (bulk != null && !scope.isItem() && isPadding(tag))) {
                break;
            }
            group.next(tag);
            int bulkBefore = bulk == null ? 0 : bulk.size();
            Element element = readElement(scope, tag, order > last);
            if (order > last) {
                last = order;
                if (element != null && !isRetiredGroupLength(tag)) {
                    scope.into.set(element);
                }
            } else {
                addInDisorder(scope, tag, element, bulkBefore);
            }
            group.seen(element, source.position());
        }
        group.end();
        if (scope.delimited) {
            bounds.takeDelimiterPastEnd(scope.encoding, Tag.ITEM_DELIMITATION_ITEM);
        }
    }

    /** The first of two elements counts: it is what a reader that stops early sees. */
    private void addInDisorder(Scope scope, int tag, @Nullable Element element, int bulkBefore)
            throws DicomFormatException {
        budget.disorder(tag);
        boolean known = scope.into.contains(tag) || (bulk != null && bulk.contains(path, tag, bulkBefore));
        budget.found(known ? Finding.Kind.DUPLICATE : Finding.Kind.OUT_OF_ORDER, tag);
        if (known && bulk != null) {
            bulk.truncate(bulkBefore);
        } else if (!known && element != null) {
            scope.into.set(element);
        }
    }

    private static boolean isRetiredGroupLength(int tag) {
        return Tag.isGroupLength(tag) && Tag.group(tag) != 0x0000 && Tag.group(tag) != 0x0002;
    }

    private void endOfStream(Scope scope) throws IOException {
        if (scope.isItem()) {
            throw new DicomFormatException("The data set ends at offset " + source.position() + ", within an item");
        }
        int left = source.available();
        if (left > 0) {
            // In big endian a tag itself may begin with zeros: there they may be a truncated element.
            if (scope.encoding.bigEndian() || !source.onlyZerosFollow()) {
                throw new DicomFormatException("The data set ends at offset " + source.position() + ", within the "
                        + left + " first bytes of an element");
            }
            budget.found(Finding.Kind.TRAILING_ZEROS, 0);
        }
    }

    /** Zeros after an object's last element; (0000,0000) could be no element of it. */
    private boolean isPadding(int tag) throws IOException {
        if (tag != 0 || source.i32(4, false) != 0) {
            return false;
        }
        long at = source.position();
        if (!source.onlyZerosFollow()) {
            throw new DicomFormatException("At offset " + at + " begin zero bytes that are no element");
        }
        budget.found(Finding.Kind.TRAILING_ZEROS, 0);
        return true;
    }

    // --- one element

    /** Null if its value is not kept. */
    private @Nullable Element readElement(Scope scope, int tag, boolean inOrder) throws IOException {
        checkGroup(tag);
        ElementHeader header = ElementHeader.take(source, scope.encoding);
        budget.element();
        budget.header(header.size());
        if (!header.known()) {
            if (!inOrder) {
                throw bounds.malformed(tag, "neither its place nor its VR is one that an element can have");
            }
            budget.found(Finding.Kind.UNKNOWN_VR, tag);
        }
        if (header.undefined()) {
            return readUndefined(scope, header);
        }
        bounds.checkEnd(scope.end, tag, header.length());
        if (header.length() % 2 != 0) {
            budget.found(Finding.Kind.ODD_LENGTH, tag);
        }
        if (header.vr() == VR.SQ && isSequence(scope, header)) {
            return Element.ofItems(tag, readItems(scope, scope.encoding, header));
        }
        if (tag == Tag.DATA_SET_TRAILING_PADDING) {
            budget.found(Finding.Kind.TRAILING_PADDING, tag);
            bounds.skip(tag, header.length());
            return null;
        }
        if (bulk != null && bulk.wants(tag, header.length())) {
            bulk.addNative(path, header, source.position());
            bounds.skip(tag, header.length());
            return null;
        }
        return readValue(scope, header);
    }

    private void checkGroup(int tag) throws DicomFormatException {
        int group = Tag.group(tag);
        if (bulk != null && (group == 0x0000 || group == 0x0002)) {
            // Read over, it would turn the stored file's own meta information ambiguous.
            throw bounds.malformed(tag, "command and file meta elements cannot be in a data set (PS3.5 §7.1)");
        }
        if (group == 0xFFFF || (group < 8 && group % 2 == 1)) {
            budget.found(Finding.Kind.ILLEGAL_GROUP, tag);
        }
    }

    /** In implicit VR the dictionary may know a tag as a sequence that an older writer used for something else. */
    private boolean isSequence(Scope scope, ElementHeader header) throws IOException {
        if (scope.encoding.explicit() || header.length() == 0) {
            return true;
        }
        bounds.need(4, header.tag());
        boolean sequence = source.u16(0, false) == 0xFFFE;
        if (!sequence) {
            budget.found(Finding.Kind.NOT_A_SEQUENCE, header.tag());
        }
        return sequence;
    }

    private Element readValue(Scope scope, ElementHeader header) throws IOException {
        byte[] bytes = bounds.take(header.tag(), header.length());
        if (header.vr() == VR.UN && bytes.length >= 8 && isItem(bytes)) {
            Element sequence = trySequence(header.tag(), bytes);
            if (sequence != null) {
                return sequence;
            }
        }
        if (scope.encoding.bigEndian()) {
            ByteOrders.swap(bytes, header.vr());
        }
        if (header.tag() == Tag.PIXEL_REPRESENTATION && bytes.length > 0) {
            signedPixels = bytes[0] != 0;
        }
        return Element.ofBytes(header.tag(), scope.encoding.explicit() ? header.vr() : implicitVr(header), bytes);
    }

    /** What the dictionary calls "US or SS" is signed if the pixels are, PS3.5 §A.1; what is no sequence is unknown. */
    private VR implicitVr(ElementHeader header) {
        VR vr = header.vr();
        if (vr == VR.SQ) {
            return VR.UN;
        }
        return vr == VR.US && signedPixels && Dictionary.vrs(header.tag()).contains(VR.SS) ? VR.SS : vr;
    }

    private static boolean isItem(byte[] bytes) {
        return bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF && bytes[2] == 0 && bytes[3] == (byte) 0xE0;
    }

    /** A sequence that was sent as UN or whose private tag nobody knows, PS3.5 §6.2.2; null if it is none after all. */
    private @Nullable Element trySequence(int tag, byte[] bytes) throws IOException {
        List<Finding> mark = budget.mark();
        int depth = path.size();
        ReadAhead value = new ReadAhead(new ByteArrayInputStream(bytes));
        DatasetReader reader = new DatasetReader(value, Encoding.IMPLICIT_LITTLE, budget, path, null);
        Scope scope = new Scope(new Dataset(), Encoding.IMPLICIT_LITTLE, bytes.length, false, ANY);
        try {
            ElementHeader header = new ElementHeader(tag, VR.UN, bytes.length, true, 0);
            return Element.ofItems(tag, reader.readItems(scope, Encoding.IMPLICIT_LITTLE, header));
        } catch (DicomFormatException e) {
            path.subList(depth, path.size()).clear();
            budget.forgetBack(mark);
            return null;
        }
    }

    private @Nullable Element readUndefined(Scope scope, ElementHeader header) throws IOException {
        VR vr = header.vr();
        boolean pixels = Tag.isPixelData(header.tag());
        if (vr == VR.SQ) {
            return Element.ofItems(header.tag(), readItems(scope, scope.encoding, header));
        }
        if (!pixels && (vr == VR.UN || !scope.encoding.explicit())) {
            return Element.ofItems(header.tag(), readItems(scope, Encoding.IMPLICIT_LITTLE, header));
        }
        if (!vr.isBulk()) {
            throw bounds.malformed(header.tag(), "VR " + vr + " cannot have undefined length (PS3.5 §7.1.1)");
        }
        return new FragmentReader(source, budget, bounds, path, bulk).read(header, scope.encoding, scope.end);
    }

    // --- sequences

    private List<Dataset> readItems(Scope scope, Encoding encoding, ElementHeader header) throws IOException {
        List<Dataset> items = new ArrayList<>(1);
        boolean undefined = header.undefined();
        long end = undefined ? scope.end : source.position() + header.length();
        while (source.position() < end) {
            bounds.need(8, header.tag());
            int tag = source.tag(0, encoding.bigEndian());
            if (tag == Tag.ITEM) {
                items.add(readItem(end, encoding, header, items.size()));
                continue;
            }
            if (tag != Tag.SEQUENCE_DELIMITATION_ITEM && tag != Tag.ITEM_DELIMITATION_ITEM) {
                throw bounds.malformed(
                        header.tag(), Tag.toString(tag) + " is where an item of the sequence must begin");
            }
            boolean stray = !undefined || tag == Tag.ITEM_DELIMITATION_ITEM;
            bounds.advanceDelimiter(encoding, tag, stray, end);
            if (!stray) {
                return items;
            }
        }
        if (undefined) {
            bounds.takeDelimiterPastEnd(encoding, Tag.SEQUENCE_DELIMITATION_ITEM);
        }
        return items;
    }

    private Dataset readItem(long sequenceEnd, Encoding encoding, ElementHeader sequence, int index)
            throws IOException {
        long length = source.u32(4, encoding.bigEndian());
        boolean undefined = length == ElementHeader.UNDEFINED;
        if (path.isEmpty()) {
            outermostItems.accept(source.position());
        }
        source.advance(8);
        budget.element();
        budget.header(8);
        budget.nesting(path.size() + 1);
        if (!undefined && length > sequenceEnd - source.position()) {
            throw bounds.malformed(sequence.tag(), "item " + index + " passes the sequence's end");
        }
        long end = undefined ? sequenceEnd : source.position() + length;
        Dataset item = new Dataset();
        path.add(new ElementPath.Step(sequence.tag(), index));
        // At the outermost level "no end" means the stream's; an item that is not delimited always has one.
        readElements(new Scope(item, itemEncoding(encoding, sequence, end), end, undefined, ANY));
        path.removeLast();
        return item;
    }

    /** Some modalities write the items of their private sequences in the other VR encoding than all around. */
    private Encoding itemEncoding(Encoding encoding, ElementHeader sequence, long end) throws IOException {
        boolean candidate = !encoding.bigEndian() && (encoding.explicit() || sequence.vr() == VR.UN);
        if (!candidate || end - source.position() < 8 || !source.has(8) || source.u16(0, false) == 0xFFFE) {
            return encoding;
        }
        if (encoding.explicit() && ElementHeader.looksImplicit(source)) {
            budget.found(Finding.Kind.IMPLICIT_ITEM, sequence.tag());
            return Encoding.IMPLICIT_LITTLE;
        }
        if (!encoding.explicit() && ElementHeader.looksExplicit(source)) {
            budget.found(Finding.Kind.EXPLICIT_ITEM_IN_UN, sequence.tag());
            return Encoding.EXPLICIT_LITTLE;
        }
        return encoding;
    }

    /** True if it was the one that ends the scope. */
    private boolean takeDelimiter(Scope scope, int tag) throws IOException {
        if (tag != Tag.ITEM_DELIMITATION_ITEM && tag != Tag.SEQUENCE_DELIMITATION_ITEM) {
            throw bounds.malformed(tag, "an item is outside of any sequence");
        }
        boolean ends = scope.delimited && tag == Tag.ITEM_DELIMITATION_ITEM;
        bounds.advanceDelimiter(scope.encoding, tag, !ends, scope.end);
        return ends;
    }
}
