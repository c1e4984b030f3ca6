// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import jakarta.json.stream.JsonGenerator;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.jspecify.annotations.Nullable;

/**
 * Writes data sets in the DICOM JSON Model, PS3.18 Annex F. Text is Unicode, so Specific Character Set is given as ISO_IR 192.
 *
 * <p>IS and DS are numbers where they are any, else strings as they came; SV and UV beyond 53 bits are strings (F.2.3). FL and FD
 * that are not finite are the strings NaN, Infinity and -Infinity, for which JSON has no number.
 */
public final class DicomJsonWriter {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final long MAX_EXACT = (1L << 53) - 1;
    private static final String[] NAME_GROUPS = {"Alphabetic", "Ideographic", "Phonetic"};

    private final JsonGenerator out;
    private final Function<BulkValue, @Nullable String> bulkDataUri;

    /** @param bulkDataUri where a bulk value can be retrieved; null leaves the attribute without a value */
    public DicomJsonWriter(JsonGenerator out, Function<BulkValue, @Nullable String> bulkDataUri) {
        this.out = out;
        this.bulkDataUri = bulkDataUri;
    }

    /** Writes one object. Encapsulated values cannot be inline: they are left without a value (F.2.7). */
    public void write(Dataset dataset) {
        write(dataset, List.of(), 0);
    }

    /** Writes the header, and the bulk values by their URIs. */
    public void write(ScannedObject object) {
        write(object.header(), object.bulkValues(), 0);
    }

    /** @param bulk the bulk values in this data set or its items; the first {@code depth} steps of their paths lead here */
    private void write(Dataset dataset, List<BulkValue> bulk, int depth) {
        List<BulkValue> own = bulk.stream()
                .filter(value -> value.path().items().size() == depth)
                .sorted((a, b) ->
                        Integer.compareUnsigned(a.path().tag(), b.path().tag()))
                .toList();
        int next = 0;
        out.writeStartObject();
        for (Element element : dataset) {
            while (next < own.size()
                    && Integer.compareUnsigned(own.get(next).path().tag(), element.tag()) < 0) {
                writeBulk(own.get(next++));
            }
            if (!Tag.isGroupLength(element.tag())) {
                writeElement(dataset, element, bulk, depth);
            }
        }
        while (next < own.size()) {
            writeBulk(own.get(next++));
        }
        out.writeEnd();
    }

    private void writeBulk(BulkValue value) {
        writeStart(value.path().tag(), value.vr());
        String uri = bulkDataUri.apply(value);
        if (uri != null) {
            out.write("BulkDataURI", uri);
        }
        out.writeEnd();
    }

    private void writeStart(int tag, VR vr) {
        out.writeStartObject(HEX.toHexDigits(tag));
        out.write("vr", vr.name());
    }

    private void writeElement(Dataset dataset, Element element, List<BulkValue> bulk, int depth) {
        boolean characterSet = element.tag() == Tag.SPECIFIC_CHARACTER_SET && !element.isEmpty();
        writeStart(element.tag(), characterSet ? VR.CS : element.vr());
        if (characterSet) {
            out.writeStartArray("Value").write("ISO_IR 192").writeEnd();
        } else if (element.isSequence()) {
            writeItems(element, bulk, depth);
        } else if (element.vr().isBulk() && element.bytes().length > 0) {
            out.write("InlineBinary", Base64.getEncoder().encodeToString(element.bytes()));
        } else {
            writeValues(dataset, element);
        }
        out.writeEnd();
    }

    private void writeItems(Element sequence, List<BulkValue> bulk, int depth) {
        if (sequence.items().isEmpty()) {
            return;
        }
        List<List<BulkValue>> inItems = byItem(sequence, bulk, depth);
        out.writeStartArray("Value");
        for (int i = 0; i < sequence.items().size(); i++) {
            write(sequence.items().get(i), inItems.isEmpty() ? List.of() : inItems.get(i), depth + 1);
        }
        out.writeEnd();
    }

    /** One list an item, or none at all if there is no bulk value in the sequence. */
    private static List<List<BulkValue>> byItem(Element sequence, List<BulkValue> bulk, int depth) {
        List<List<BulkValue>> lists = new ArrayList<>();
        for (BulkValue value : bulk) {
            List<ElementPath.Step> items = value.path().items();
            if (items.size() > depth && items.get(depth).sequence() == sequence.tag()) {
                while (lists.size() < sequence.items().size()) {
                    lists.add(new ArrayList<>());
                }
                lists.get(items.get(depth).item()).add(value);
            }
        }
        return lists;
    }

    private void writeValues(Dataset dataset, Element element) {
        List<String> values = dataset.getStrings(element.tag());
        if (values.stream().allMatch(String::isEmpty)) {
            return;
        }
        out.writeStartArray("Value");
        for (String value : values) {
            if (value.isEmpty()) {
                out.writeNull();
            } else {
                writeValue(element.vr(), value);
            }
        }
        out.writeEnd();
    }

    private void writeValue(VR vr, String value) {
        switch (vr) {
            case US, SS, UL, SL -> out.write(Long.parseLong(value));
            case SV, UV, IS, DS, FL, FD -> writeNumber(vr, value);
            case AT -> out.write(value.substring(1, 5) + value.substring(6, 10));
            case PN -> writeName(value);
            default -> out.write(value);
        }
    }

    private void writeNumber(VR vr, String value) {
        BigDecimal number = number(value);
        boolean exact = number != null
                && (vr.isText()
                        || vr == VR.FL
                        || vr == VR.FD
                        || number.abs().compareTo(BigDecimal.valueOf(MAX_EXACT)) <= 0);
        if (number != null && number.signum() == 0 && value.startsWith("-")) {
            // A vector's negative zero tells its direction; BigDecimal has none.
            out.write(-0.0);
        } else if (number != null && exact) {
            out.write(number);
        } else {
            out.write(value);
        }
    }

    private static @Nullable BigDecimal number(String value) {
        try {
            // PS3.5 §6.2: far longer than any DS or IS is no number, but costs BigDecimal much time.
            return value.length() > 64 ? null : new BigDecimal(value.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private void writeName(String name) {
        String[] groups = name.split("=", 3);
        out.writeStartObject();
        for (int i = 0; i < groups.length; i++) {
            if (!groups[i].isEmpty()) {
                out.write(NAME_GROUPS[i], groups[i]);
            }
        }
        out.writeEnd();
    }
}
