// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.BulkDataResolver;
import org.dozo.dicom.io.DatasetStream;
import org.dozo.dicom.io.ElementPath;
import org.dozo.dicom.io.OutsideValue;
import org.dozo.dicom.io.ParseLimits;
import org.jspecify.annotations.Nullable;

/**
 * The bulk values of one object of a request. Those of the outermost data set are streamed from the spool; those inside of items are
 * taken into memory, within the limits of a header.
 */
final class BulkOfObject implements BulkDataResolver {

    private final Map<String, List<BulkPart>> parts;
    private final Map<Integer, OutsideValue> outside = new HashMap<>();
    private long memoryLeft;
    private String syntax = "";
    private @Nullable String fault;

    BulkOfObject(Map<String, List<BulkPart>> parts, ParseLimits limits) {
        this.parts = parts;
        this.memoryLeft = Math.min(limits.headerBytes(), Integer.MAX_VALUE - 16);
    }

    @Override
    public byte @Nullable [] resolve(ElementPath path, VR vr, String uri) throws IOException {
        List<BulkPart> named = parts.getOrDefault(uri, List.of());
        if (named.isEmpty()) {
            note(path + ": its BulkDataURI names no Content-Location of this request; nothing else is ever fetched");
            return null;
        }
        boolean pixels = path.items().isEmpty() && path.tag() == Tag.PIXEL_DATA;
        boolean compressed = named.stream().allMatch(BulkPart::isCompressed);
        if (compressed != named.stream().anyMatch(BulkPart::isCompressed)
                || (compressed && !pixels)
                || (!compressed && named.size() > 1)) {
            note(path + ": its parts are not one value, nor compressed frames of Pixel Data (7FE0,0010)");
            return null;
        }
        if (compressed) {
            noteSyntax(named);
        }
        if (path.items().isEmpty() && vr.hasLongLength() && vr != VR.SQ) {
            List<OutsideValue.Piece> pieces =
                    named.stream().<OutsideValue.Piece>map(BulkPart::slice).toList();
            outside.put(path.tag(), new OutsideValue(compressed ? VR.OB : vr, compressed, pieces));
            return null;
        }
        return inMemory(path, named.getFirst());
    }

    private byte @Nullable [] inMemory(ElementPath path, BulkPart part) throws IOException {
        memoryLeft -= part.slice().length();
        if (memoryLeft < 0) {
            note(path + ": the bulk data inside of items is over the limit set by limits.header-bytes");
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (InputStream in = part.slice().open()) {
            in.transferTo(bytes);
        }
        return bytes.toByteArray();
    }

    private void noteSyntax(List<BulkPart> frames) {
        syntax = frames.getFirst().transferSyntax();
        if (frames.stream().anyMatch(frame -> !frame.transferSyntax().equals(syntax))) {
            note("The frames of Pixel Data are in different transfer syntaxes");
        }
    }

    private void note(String what) {
        if (fault == null) {
            fault = what;
        }
    }

    /** What makes the object impossible to store; null if nothing does. */
    @Nullable
    String fault() {
        return fault;
    }

    /** Of the object as {@link #dataSet} gives it; empty if its frames don't tell. */
    String transferSyntax() {
        return syntax;
    }

    /** The whole data set; what only the way here needed (meta information, what was available elsewhere) is taken out of it. */
    InputStream dataSet(Dataset dataset) throws IOException {
        OutsideValue pixels = outside.get(Tag.PIXEL_DATA);
        if (pixels == null || !pixels.encapsulated()) {
            syntax = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid();
        } else if (syntax.isEmpty()) {
            syntax = encapsulated(dataset.getString(
                    Tag.TRANSFER_SYNTAX_UID, dataset.getString(Tag.AVAILABLE_TRANSFER_SYNTAX_UID, "")));
        }
        dataset.remove(Tag.AVAILABLE_TRANSFER_SYNTAX_UID);
        List<Integer> meta = new ArrayList<>();
        dataset.forEach(element -> {
            if (Tag.group(element.tag()) <= 0x0002) {
                meta.add(element.tag());
            }
        });
        meta.forEach(dataset::remove);
        return new DatasetStream(dataset, outside);
    }

    private static String encapsulated(String uid) {
        TransferSyntax known = TransferSyntaxes.of(uid);
        return known != null && known.encapsulated() ? uid : "";
    }
}
