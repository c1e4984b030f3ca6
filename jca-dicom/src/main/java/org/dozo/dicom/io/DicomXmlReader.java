// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.jspecify.annotations.Nullable;

/**
 * Reads documents of the Native DICOM Model, PS3.19 A.1, within limits; the document itself may have as many bytes as a header. The
 * data set's text is in UTF-8 (ISO_IR 192) if it has more than the default repertoire, whatever Specific Character Set said.
 *
 * <p>A document type declaration is refused: nothing outside the document is ever read, and no entity is expanded. Malformed XML or
 * values that their VR cannot hold are {@link DicomFormatException}s.
 */
public final class DicomXmlReader {

    private final InputStream in;
    private final Budget budget;
    private final BulkDataResolver bulkData;
    private final List<ElementPath.Step> path = new ArrayList<>();
    private boolean beyondAscii;

    public DicomXmlReader(InputStream in, ParseLimits limits, BulkDataResolver bulkData) {
        this.in = new LimitedStream(in, "The XML document", limits.headerBytes(), ParseLimits.HEADER_BYTES);
        this.budget = new Budget(limits);
        this.bulkData = bulkData;
    }

    /** Reads the stream to its end as one document. */
    public Dataset read() throws IOException {
        try {
            XMLStreamReader xml = factory().createXMLStreamReader(in);
            try {
                toStart(xml);
                return readDocument(xml);
            } finally {
                xml.close();
            }
        } catch (XMLStreamException e) {
            if (e.getNestedException() instanceof IOException cause) {
                throw cause;
            }
            throw new DicomFormatException("The XML is malformed or ends too early", e);
        }
    }

    /** The JDK's own: what is refused must not depend on what a container puts on the class path. */
    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        // Depth is bounded by limits.nesting, which may allow more than the JDK's default.
        factory.setProperty("jdk.xml.maxElementDepth", "0");
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("Nothing outside the document is read");
        });
        return factory;
    }

    private static void toStart(XMLStreamReader xml) throws XMLStreamException, DicomFormatException {
        while (xml.getEventType() != XMLStreamConstants.START_ELEMENT) {
            if (xml.next() == XMLStreamConstants.DTD) {
                throw new DicomFormatException("The XML has a document type declaration (DOCTYPE): leave it out");
            }
        }
        if (!xml.getLocalName().equals(XmlNames.ROOT)) {
            throw new DicomFormatException(
                    "The XML is no Native DICOM Model (PS3.19 A.1): its root is not NativeDicomModel");
        }
    }

    private Dataset readDocument(XMLStreamReader xml) throws XMLStreamException, IOException {
        Dataset dataset = new Dataset();
        dataset.setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192");
        boolean declared = readAttributes(xml, dataset, 0);
        while (xml.next() != XMLStreamConstants.END_DOCUMENT) {
            // Comments and space behind the root.
        }
        if (!beyondAscii && !declared) {
            dataset.remove(Tag.SPECIFIC_CHARACTER_SET);
        }
        return dataset;
    }

    /** @return whether Specific Character Set was among them; it is not taken over */
    private boolean readAttributes(XMLStreamReader xml, Dataset dataset, int depth)
            throws XMLStreamException, IOException {
        budget.nesting(depth);
        boolean declared = false;
        while (isChild(xml)) {
            expect(xml, XmlNames.ATTRIBUTE);
            int tag = tag(xml, dataset);
            if (tag == Tag.SPECIFIC_CHARACTER_SET) {
                declared = true;
                readText(xml, true);
                continue;
            }
            // A creator is set by the first element of its block; some senders tell it as an element too.
            if (dataset.contains(tag) && !Tag.isPrivateCreator(tag)) {
                throw malformed(tag, "it is there twice");
            }
            try {
                readAttribute(xml, dataset, tag, depth);
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new DicomFormatException(Tag.toString(tag) + ": its VR cannot hold its value", e);
            }
        }
        return declared;
    }

    private int tag(XMLStreamReader xml, Dataset dataset) throws DicomFormatException, DicomLimitException {
        budget.element();
        String written = xml.getAttributeValue(null, "tag");
        int tag;
        try {
            tag = written == null || written.length() != 8 ? 0xFFFE_0000 : Integer.parseUnsignedInt(written, 16);
        } catch (NumberFormatException e) {
            tag = 0xFFFE_0000;
        }
        if (Tag.group(tag) == 0xFFFE) {
            throw new DicomFormatException("An attribute's tag is not that of an element, of eight hexadecimal digits");
        }
        String creator = xml.getAttributeValue(null, "privateCreator");
        if (creator == null) {
            return tag;
        }
        if (!Tag.isPrivate(tag)) {
            throw malformed(tag, "it has a private creator, but is not private");
        }
        budget.header(creator.length());
        noteRepertoire(creator);
        try {
            return dataset.reservePrivateTag(creator, tag);
        } catch (IllegalArgumentException e) {
            throw new DicomFormatException(Tag.toString(tag) + ": its group has no block left for its creator", e);
        }
    }

    private void readAttribute(XMLStreamReader xml, Dataset dataset, int tag, int depth)
            throws XMLStreamException, IOException {
        VR vr = vr(xml, tag);
        if (vr == VR.SQ) {
            readItems(xml, dataset, tag, depth);
            return;
        }
        List<String> values = new ArrayList<>();
        byte @Nullable [] bytes = vr.isBulk() ? new byte[0] : null;
        while (isChild(xml)) {
            switch (xml.getLocalName()) {
                case "Value" -> addValue(values, number(xml), value(vr, readText(xml, false)));
                case "PersonName" -> addValue(values, number(xml), readName(xml));
                case "InlineBinary" ->
                    bytes = Base64.getDecoder().decode(readText(xml, false).replaceAll("\\s", ""));
                case "BulkData" -> {
                    bytes = bulkData.resolve(new ElementPath(path, tag), vr, uri(xml, tag));
                    readText(xml, true);
                    if (bytes == null) {
                        toEnd(xml);
                        return;
                    }
                }
                default -> throw malformed(tag, "it holds an element that PS3.19 A.1 does not know");
            }
        }
        if (bytes != null) {
            dataset.setBytes(tag, vr, bytes);
        } else {
            dataset.setStrings(tag, vr, values);
        }
    }

    private static VR vr(XMLStreamReader xml, int tag) throws DicomFormatException {
        String name = xml.getAttributeValue(null, "vr");
        if (name == null) {
            return Dictionary.vr(tag);
        }
        VR vr = name.length() == 2 ? VR.of(name.charAt(0), name.charAt(1)) : null;
        if (vr == null) {
            throw malformed(tag, "its vr is none of the standard's");
        }
        return vr;
    }

    private void readItems(XMLStreamReader xml, Dataset dataset, int tag, int depth)
            throws XMLStreamException, IOException {
        dataset.set(Element.ofItems(tag, List.of()));
        int count = 0;
        while (isChild(xml)) {
            expect(xml, "Item");
            budget.element();
            if (number(xml) != ++count) {
                throw malformed(tag, "its items are not numbered 1, 2, 3 and so on");
            }
            path.add(new ElementPath.Step(tag, count - 1));
            readAttributes(xml, dataset.addItem(tag), depth + 1);
            path.removeLast();
        }
    }

    private void addValue(List<String> values, int number, String value) throws IOException {
        if (number <= values.size()) {
            throw new DicomFormatException("Values are not in the order of their numbers (PS3.19 A.1)");
        }
        while (values.size() < number - 1) {
            budget.element();
            values.add("");
        }
        values.add(value);
    }

    private static int number(XMLStreamReader xml) throws DicomFormatException {
        String number = xml.getAttributeValue(null, "number");
        try {
            int value = number == null ? 0 : Integer.parseInt(number);
            if (value >= 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Falls through.
        }
        throw new DicomFormatException("A value or item has no number, or one that is none from 1 (PS3.19 A.1)");
    }

    private static String uri(XMLStreamReader xml, int tag) throws DicomFormatException {
        String uri = xml.getAttributeValue(null, "uri");
        if (uri == null) {
            throw malformed(tag, "its BulkData has no uri");
        }
        return uri;
    }

    private String readName(XMLStreamReader xml) throws XMLStreamException, IOException {
        String[] groups = {"", "", ""};
        while (isChild(xml)) {
            // SingleByte is how PS3.19 called it before 2014.
            String name = xml.getLocalName().equals("SingleByte") ? "Alphabetic" : xml.getLocalName();
            int group = XmlNames.GROUPS.indexOf(name);
            if (group < 0) {
                throw new DicomFormatException("A person name is malformed (PS3.19 A.1)");
            }
            groups[group] = readGroup(xml);
        }
        return String.join("=", groups).replaceAll("=+$", "");
    }

    private String readGroup(XMLStreamReader xml) throws XMLStreamException, IOException {
        String[] components = {"", "", "", "", ""};
        while (isChild(xml)) {
            int component = XmlNames.COMPONENTS.indexOf(xml.getLocalName());
            if (component < 0) {
                throw new DicomFormatException("A person name is malformed (PS3.19 A.1)");
            }
            components[component] = readText(xml, false);
        }
        return String.join("^", components).replaceAll("\\^+$", "");
    }

    /** Infinity as XML Schema and as C programs write it, and tags without their parentheses. */
    private static String value(VR vr, String text) {
        return switch (vr) {
            case FL, FD ->
                switch (text.strip().toLowerCase(Locale.ROOT)) {
                    case "inf", "+inf" -> "Infinity";
                    case "-inf" -> "-Infinity";
                    case "nan" -> "NaN";
                    default -> text;
                };
            default -> text;
        };
    }

    /** The text up to the end of the present element. */
    private String readText(XMLStreamReader xml, boolean skip) throws XMLStreamException, IOException {
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (int event = xml.next(); event != XMLStreamConstants.END_ELEMENT || depth > 0; event = xml.next()) {
            switch (event) {
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    budget.header(xml.getTextLength());
                    if (!skip) {
                        text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
                    }
                }
                case XMLStreamConstants.START_ELEMENT -> {
                    if (!skip) {
                        throw new DicomFormatException("A value holds an element (PS3.19 A.1)");
                    }
                    budget.nesting(++depth);
                }
                case XMLStreamConstants.END_ELEMENT -> depth--;
                case XMLStreamConstants.COMMENT, XMLStreamConstants.PROCESSING_INSTRUCTION -> {}
                default -> throw new DicomFormatException("The XML has an entity that it may not have");
            }
        }
        noteRepertoire(text);
        return text.toString();
    }

    private void noteRepertoire(CharSequence text) {
        beyondAscii |= text.chars().anyMatch(c -> c > 0x7E);
    }

    /** Goes to the next child of the present element; false at its end. */
    private boolean isChild(XMLStreamReader xml) throws XMLStreamException, IOException {
        while (true) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT || event == XMLStreamConstants.END_ELEMENT) {
                return event == XMLStreamConstants.START_ELEMENT;
            }
            boolean text = event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA;
            if (event == XMLStreamConstants.ENTITY_REFERENCE || (text && !xml.isWhiteSpace())) {
                throw new DicomFormatException("The XML has text where only elements may be (PS3.19 A.1)");
            }
        }
    }

    private void toEnd(XMLStreamReader xml) throws XMLStreamException, IOException {
        if (isChild(xml)) {
            throw new DicomFormatException("An attribute has more than its BulkData (PS3.19 A.1)");
        }
    }

    private static void expect(XMLStreamReader xml, String name) throws DicomFormatException {
        if (!xml.getLocalName().equals(name)) {
            throw new DicomFormatException("The XML has something else where " + name + " must be (PS3.19 A.1)");
        }
    }

    private static DicomFormatException malformed(int tag, String fault) {
        return new DicomFormatException(Tag.toString(tag) + ": " + fault);
    }
}
