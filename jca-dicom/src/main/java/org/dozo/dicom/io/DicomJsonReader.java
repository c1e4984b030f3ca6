// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.json.stream.JsonParsingException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.jspecify.annotations.Nullable;

/**
 * Reads data sets in the DICOM JSON Model, PS3.18 Annex F, within limits. The data set's text is in UTF-8 (ISO_IR 192) if it has
 * more than the default repertoire, whatever Specific Character Set said.
 *
 * <p>Malformed JSON or values that their VR cannot hold are {@link DicomFormatException}s.
 */
public final class DicomJsonReader {

    private final JsonParser parser;
    private final Budget budget;
    private final BulkDataResolver bulkData;
    private final List<ElementPath.Step> path = new ArrayList<>();
    private boolean beyondAscii;

    public DicomJsonReader(JsonParser parser, ParseLimits limits, BulkDataResolver bulkData) {
        this.parser = parser;
        this.budget = new Budget(limits);
        this.bulkData = bulkData;
    }

    /** An attribute as JSON has it; {@code vr} may stand behind the values, so that these wait here. */
    private static final class Attribute {
        private @Nullable VR vr;
        private final List<String> values = new ArrayList<>();
        private final List<Map<Integer, Attribute>> items = new ArrayList<>();
        private @Nullable String inlineBinary;
        private @Nullable String uri;
    }

    /** Reads one object; the parser stands before it, and behind it afterwards. */
    public Dataset read() throws IOException {
        Dataset dataset = readNext();
        if (dataset == null) {
            throw new DicomFormatException(
                    "The JSON is no DICOM JSON Model (PS3.18 F.2): an array ends without an object");
        }
        return dataset;
    }

    /** As {@link #read}, in an array that was begun: null where it ends. Each object of it takes a reader of its own. */
    public @Nullable Dataset readNext() throws IOException {
        try {
            Event event = parser.next();
            if (event == Event.END_ARRAY) {
                return null;
            }
            expect(Event.START_OBJECT, event);
            return build(readAttributes(0));
        } catch (JsonParsingException | NoSuchElementException e) {
            throw new DicomFormatException("The JSON is malformed or ends too early", e);
        } catch (JsonException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new DicomFormatException("The JSON cannot be read", e);
        }
    }

    private Map<Integer, Attribute> readAttributes(int depth) throws IOException {
        budget.nesting(depth);
        Map<Integer, Attribute> attributes = new LinkedHashMap<>();
        for (Event event = parser.next(); event != Event.END_OBJECT; event = parser.next()) {
            readAttribute(parser.getString(), attributes, depth);
        }
        return attributes;
    }

    private void readAttribute(String name, Map<Integer, Attribute> attributes, int depth) throws IOException {
        int tag = tag(name);
        if (Tag.group(tag) == 0xFFFE) {
            throw malformed(tag, "items and delimiters are no attributes");
        }
        budget.element();
        expect(Event.START_OBJECT, parser.next());
        Attribute attribute = new Attribute();
        while (parser.next() != Event.END_OBJECT) {
            String key = parser.getString();
            Event event = parser.next();
            if (key.equals("Value")) {
                expect(Event.START_ARRAY, event);
                readValues(attribute, depth);
                continue;
            }
            expect(Event.VALUE_STRING, event);
            budget.header(parser.getString().length());
            switch (key) {
                case "vr" -> attribute.vr = vr(tag, parser.getString());
                case "InlineBinary" -> attribute.inlineBinary = parser.getString();
                case "BulkDataURI" -> attribute.uri = parser.getString();
                default -> throw malformed(tag, "it has a member that PS3.18 F.2.2 does not know");
            }
        }
        if (attributes.putIfAbsent(tag, attribute) != null) {
            throw malformed(tag, "it is there twice");
        }
    }

    private static VR vr(int tag, String name) throws DicomFormatException {
        VR vr = name.length() == 2 ? VR.of(name.charAt(0), name.charAt(1)) : null;
        if (vr == null) {
            throw malformed(tag, "its vr is none of the standard's");
        }
        return vr;
    }

    private void readValues(Attribute attribute, int depth) throws IOException {
        for (Event event = parser.next(); event != Event.END_ARRAY; event = parser.next()) {
            switch (event) {
                case VALUE_NULL -> attribute.values.add("");
                case VALUE_STRING, VALUE_NUMBER -> addValue(attribute, parser.getString());
                case START_OBJECT -> readObject(attribute, depth);
                default -> throw new DicomFormatException("A Value holds what is no value (PS3.18 F.2.2)");
            }
        }
    }

    private void addValue(Attribute attribute, String value) throws DicomLimitException {
        budget.header(value.length());
        beyondAscii |= value.chars().anyMatch(c -> c > 0x7E);
        attribute.values.add(value);
    }

    /** An item of a sequence, or a person's name; an empty object can be both, and is told apart by the VR later. */
    private void readObject(Attribute attribute, int depth) throws IOException {
        budget.element();
        Event event = parser.next();
        if (event == Event.END_OBJECT) {
            attribute.items.add(Map.of());
            return;
        }
        if (!parser.getString().matches("Alphabetic|Ideographic|Phonetic")) {
            budget.nesting(depth + 1);
            Map<Integer, Attribute> item = new LinkedHashMap<>();
            for (; event != Event.END_OBJECT; event = parser.next()) {
                readAttribute(parser.getString(), item, depth + 1);
            }
            attribute.items.add(item);
            return;
        }
        String[] groups = {"", "", ""};
        for (; event != Event.END_OBJECT; event = parser.next()) {
            int group = List.of("Alphabetic", "Ideographic", "Phonetic").indexOf(parser.getString());
            Event value = parser.next();
            if (group < 0 || (value != Event.VALUE_STRING && value != Event.VALUE_NULL)) {
                throw new DicomFormatException("A person name is malformed (PS3.18 F.2.2)");
            }
            groups[group] = value == Event.VALUE_NULL ? "" : parser.getString();
        }
        addValue(attribute, String.join("=", groups).replaceAll("=+$", ""));
    }

    private static int tag(String name) throws DicomFormatException {
        try {
            if (name.length() == 8) {
                return Integer.parseUnsignedInt(name, 16);
            }
        } catch (NumberFormatException e) {
            // Falls through.
        }
        throw new DicomFormatException("An attribute's name is not eight hexadecimal digits (PS3.18 F.2.2)");
    }

    // --- the data set

    private Dataset build(Map<Integer, Attribute> attributes) throws IOException {
        Dataset dataset = new Dataset();
        if (beyondAscii || attributes.containsKey(Tag.SPECIFIC_CHARACTER_SET)) {
            dataset.setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192");
        }
        fill(dataset, attributes);
        return dataset;
    }

    private void fill(Dataset dataset, Map<Integer, Attribute> attributes) throws IOException {
        for (Map.Entry<Integer, Attribute> entry : attributes.entrySet()) {
            int tag = entry.getKey();
            if (tag == Tag.SPECIFIC_CHARACTER_SET) {
                continue;
            }
            try {
                set(dataset, tag, entry.getValue());
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new DicomFormatException(Tag.toString(tag) + ": its VR cannot hold its value", e);
            }
        }
    }

    private void set(Dataset dataset, int tag, Attribute attribute) throws IOException {
        VR vr = attribute.vr == null ? Dictionary.vr(tag) : attribute.vr;
        if (vr == VR.SQ) {
            dataset.setItems(tag);
            for (int i = 0; i < attribute.items.size(); i++) {
                path.add(new ElementPath.Step(tag, i));
                fill(dataset.addItem(tag), attribute.items.get(i));
                path.removeLast();
            }
        } else if (attribute.uri != null) {
            byte[] bytes = bulkData.resolve(new ElementPath(path, tag), vr, attribute.uri);
            if (bytes != null) {
                dataset.setBytes(tag, vr, bytes);
            }
        } else if (attribute.inlineBinary != null) {
            dataset.setBytes(tag, vr, Base64.getDecoder().decode(attribute.inlineBinary));
        } else if (vr.isBulk()) {
            dataset.setBytes(tag, vr, new byte[0]);
        } else {
            List<String> values = new ArrayList<>();
            for (String value : attribute.values) {
                values.add(text(vr, value));
            }
            dataset.setStrings(tag, vr, values);
        }
    }

    /** A number as its VR writes it: JSON may write 5 as 5.0, and others write infinity as inf. */
    private static String text(VR vr, String value) {
        return switch (vr) {
            case US, SS, UL, SL, SV, UV ->
                new BigDecimal(shortNumber(value)).toBigIntegerExact().toString();
            case FL, FD ->
                switch (value) {
                    case "inf" -> "Infinity";
                    case "-inf" -> "-Infinity";
                    default -> value;
                };
            default -> value;
        };
    }

    private static String shortNumber(String value) {
        if (value.length() > 32 || value.indexOf('e') >= 0 || value.indexOf('E') >= 0) {
            throw new NumberFormatException("no whole number");
        }
        return value;
    }

    private static void expect(Event wanted, Event event) throws DicomFormatException {
        if (event != wanted) {
            throw new DicomFormatException(
                    "The JSON is no DICOM JSON Model (PS3.18 F.2): " + event + " is where " + wanted + " must be");
        }
    }

    private static DicomFormatException malformed(int tag, String fault) {
        return new DicomFormatException(Tag.toString(tag) + ": " + fault);
    }
}
