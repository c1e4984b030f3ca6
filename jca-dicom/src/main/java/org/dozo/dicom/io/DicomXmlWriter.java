// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.PersonName;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.jspecify.annotations.Nullable;

/**
 * Writes data sets as documents of the Native DICOM Model, PS3.19 A.1, in UTF-8; so Specific Character Set is given as ISO_IR 192.
 *
 * <p>Control characters that XML 1.0 cannot hold become U+FFFD. Empty values among others are left out: the others keep their
 * numbers.
 */
public final class DicomXmlWriter {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final OutputStream target;
    private final Function<BulkValue, @Nullable String> bulkDataUri;

    /**
     * @param target is flushed, never closed
     * @param bulkDataUri where a bulk value can be retrieved; null leaves the attribute without a value
     */
    public DicomXmlWriter(OutputStream target, Function<BulkValue, @Nullable String> bulkDataUri) {
        this.target = target;
        this.bulkDataUri = bulkDataUri;
    }

    /** Writes one document. Encapsulated values cannot be inline: they are left without a value. */
    public void write(Dataset dataset) throws IOException {
        writeDocument(dataset, List.of());
    }

    /** Writes one document: the header, and the bulk values by their URIs. */
    public void write(ScannedObject object) throws IOException {
        writeDocument(object.header(), object.bulkValues());
    }

    private void writeDocument(Dataset dataset, List<BulkValue> bulk) throws IOException {
        BufferedWriter text = new BufferedWriter(new OutputStreamWriter(target, StandardCharsets.UTF_8));
        try {
            // The JDK's own: what is escaped must not depend on what a container puts on the class path.
            XMLStreamWriter out = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            out.writeStartDocument("UTF-8", "1.0");
            out.writeStartElement(XmlNames.ROOT);
            out.writeDefaultNamespace(XmlNames.NAMESPACE);
            out.writeAttribute("xml", XMLConstants.XML_NS_URI, "space", "preserve");
            new Document(out).write(dataset, bulk, 0);
            out.writeEndElement();
            out.writeEndDocument();
            out.flush();
        } catch (XMLStreamException e) {
            if (e.getNestedException() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException("The XML could not be written", e);
        }
        text.flush();
    }

    /** One document in the making. */
    private final class Document {

        private final XMLStreamWriter out;

        Document(XMLStreamWriter out) {
            this.out = out;
        }

        /** @param bulk the bulk values in this data set or its items; the first {@code depth} steps of their paths lead here */
        private void write(Dataset dataset, List<BulkValue> bulk, int depth) throws XMLStreamException {
            List<BulkValue> own = bulk.stream()
                    .filter(value -> value.path().items().size() == depth)
                    .sorted((a, b) ->
                            Integer.compareUnsigned(a.path().tag(), b.path().tag()))
                    .toList();
            int next = 0;
            for (Element element : dataset) {
                while (next < own.size()
                        && Integer.compareUnsigned(own.get(next).path().tag(), element.tag()) < 0) {
                    writeBulk(dataset, own.get(next++));
                }
                if (!Tag.isGroupLength(element.tag())) {
                    writeElement(dataset, element, bulk, depth);
                }
            }
            while (next < own.size()) {
                writeBulk(dataset, own.get(next++));
            }
        }

        private void writeBulk(Dataset dataset, BulkValue value) throws XMLStreamException {
            writeStart(dataset, value.path().tag(), value.vr());
            String uri = bulkDataUri.apply(value);
            if (uri != null) {
                out.writeEmptyElement("BulkData");
                out.writeAttribute("uri", printable(uri));
            }
            out.writeEndElement();
        }

        /** A private element's block is that of its creator, PS3.5 §7.8.1, and not told: the reader may choose another. */
        private void writeStart(Dataset dataset, int tag, VR vr) throws XMLStreamException {
            String creator = dataset.privateCreator(tag);
            out.writeStartElement(XmlNames.ATTRIBUTE);
            out.writeAttribute("tag", HEX.toHexDigits(creator == null ? tag : tag & 0xFFFF_00FF));
            out.writeAttribute("vr", vr.name());
            String keyword = Dictionary.keyword(tag);
            if (creator != null) {
                out.writeAttribute("privateCreator", printable(creator));
            } else if (keyword != null) {
                out.writeAttribute("keyword", keyword);
            }
        }

        private void writeElement(Dataset dataset, Element element, List<BulkValue> bulk, int depth)
                throws XMLStreamException {
            boolean characterSet = element.tag() == Tag.SPECIFIC_CHARACTER_SET && !element.isEmpty();
            writeStart(dataset, element.tag(), characterSet ? VR.CS : element.vr());
            if (characterSet) {
                writeValue(1, "ISO_IR 192");
            } else if (element.isSequence()) {
                writeItems(element, bulk, depth);
            } else if (element.vr().isBulk()) {
                if (element.bytes().length > 0) {
                    out.writeStartElement("InlineBinary");
                    out.writeCharacters(Base64.getEncoder().encodeToString(element.bytes()));
                    out.writeEndElement();
                }
            } else {
                writeValues(dataset.getStrings(element.tag()), element.vr());
            }
            out.writeEndElement();
        }

        private void writeItems(Element sequence, List<BulkValue> bulk, int depth) throws XMLStreamException {
            for (int i = 0; i < sequence.items().size(); i++) {
                ElementPath.Step step = new ElementPath.Step(sequence.tag(), i);
                List<BulkValue> inside = bulk.stream()
                        .filter(value -> value.path().items().size() > depth
                                && value.path().items().get(depth).equals(step))
                        .toList();
                out.writeStartElement("Item");
                out.writeAttribute("number", Integer.toString(i + 1));
                write(sequence.items().get(i), inside, depth + 1);
                out.writeEndElement();
            }
        }

        private void writeValues(List<String> values, VR vr) throws XMLStreamException {
            for (int i = 0; i < values.size(); i++) {
                String value = values.get(i);
                if (value.isEmpty()) {
                    continue;
                }
                switch (vr) {
                    case PN -> writeName(i + 1, PersonName.parse(value));
                    case AT -> writeValue(i + 1, value.substring(1, 5) + value.substring(6, 10));
                    case FL, FD -> writeValue(i + 1, value.replace("Infinity", "INF"));
                    default -> writeValue(i + 1, value);
                }
            }
        }

        private void writeValue(int number, String value) throws XMLStreamException {
            out.writeStartElement("Value");
            out.writeAttribute("number", Integer.toString(number));
            writeText(value);
            out.writeEndElement();
        }

        private void writeName(int number, PersonName name) throws XMLStreamException {
            List<PersonName.Group> groups = List.of(name.alphabetic(), name.ideographic(), name.phonetic());
            out.writeStartElement("PersonName");
            out.writeAttribute("number", Integer.toString(number));
            for (int i = 0; i < groups.size(); i++) {
                if (!groups.get(i).isEmpty()) {
                    writeGroup(XmlNames.GROUPS.get(i), XmlNames.components(groups.get(i)));
                }
            }
            out.writeEndElement();
        }

        private void writeGroup(String group, List<String> components) throws XMLStreamException {
            out.writeStartElement(group);
            for (int i = 0; i < components.size(); i++) {
                if (!components.get(i).isEmpty()) {
                    out.writeStartElement(XmlNames.COMPONENTS.get(i));
                    writeText(components.get(i));
                    out.writeEndElement();
                }
            }
            out.writeEndElement();
        }

        /** A carriage return that is not escaped would be read as a line feed. */
        private void writeText(String text) throws XMLStreamException {
            String[] lines = printable(text).split("\r", -1);
            for (int i = 0; i < lines.length; i++) {
                if (i > 0) {
                    out.writeEntityRef("#13");
                }
                out.writeCharacters(lines[i]);
            }
        }
    }

    /** What XML 1.0 §2.2 allows. */
    private static String printable(String text) {
        if (text.codePoints().allMatch(DicomXmlWriter::isPrintable)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(isPrintable(c) ? c : 0xFFFD));
        return clean.toString();
    }

    private static boolean isPrintable(int c) {
        return c >= 0x20
                ? (c < 0xD800 || c > 0xDFFF) && c != 0xFFFE && c != 0xFFFF
                : c == '\t' || c == '\n' || c == '\r';
    }
}
