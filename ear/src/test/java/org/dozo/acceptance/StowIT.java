// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.DicomXmlWriter;
import org.dozo.dicom.io.FileMetaInformation;
import org.dozo.dicom.io.Part10;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** STOW-RS over real sockets, PS3.18 §10.5; bad input G4, G6, G12, G13. */
@ExtendWith(SharedNode.class)
class StowIT {

    private static final String STUDIES = "/dicomweb/studies";
    private static final String DICOM = "application/dicom";
    private static final String JSON = "application/dicom+json";
    private static final String XML = "application/dicom+xml";

    @TempDir
    Path temp;

    private final String root = "2.25." + System.nanoTime();

    private TestObject ct(int number) {
        return TestObject.ct(root, root + ".1", root + ".1." + number, 1000);
    }

    private static Object body(HttpResponse<String> response) {
        assertEquals(JSON, response.headers().firstValue("Content-Type").orElse(""), response.body());
        Object body = Web.json(response.body());
        DicomJsonModel.assertValid(body);
        return body;
    }

    private long stored(DozoNode node) throws Exception {
        return node.count("SELECT count(*) FROM instance WHERE sop_instance_uid LIKE '" + root + ".%'");
    }

    private static String reason(Object item) {
        return DicomJsonModel.first(item, "00081197");
    }

    @Test
    void filesAreStoredAndReferenced(DozoNode node) throws Exception {
        Web web = new Web(node);
        List<Web.Part> parts = List.of(
                Web.Part.dicom(Web.file(ct(1))), Web.Part.dicom(Web.file(ct(2))), Web.Part.dicom(Web.file(ct(3))));
        HttpResponse<String> response = web.stow(STUDIES, DICOM, parts);
        assertEquals(200, response.statusCode(), response.body());
        Object body = body(response);
        assertEquals(web.uri(STUDIES + "/" + root).toString(), DicomJsonModel.first(body, "00081190"));
        List<?> items = DicomJsonModel.items(body, "00081199");
        assertEquals(3, items.size());
        assertEquals(root + ".1.1", DicomJsonModel.first(items.getFirst(), "00081155"));
        assertEquals(TestObject.CT, DicomJsonModel.first(items.getFirst(), "00081150"));
        assertEquals(
                web.uri(STUDIES + "/" + root + "/series/" + root + ".1/instances/" + root + ".1.1")
                        .toString(),
                DicomJsonModel.first(items.getFirst(), "00081190"));
        assertEquals(3, stored(node));
        HttpResponse<String> again =
                web.stow(STUDIES + "/" + root, DICOM, List.of(Web.Part.dicom(Web.file(ct(1)))), "Accept", XML);
        assertEquals(200, again.statusCode(), again.body());
        assertEquals(XML, again.headers().firstValue("Content-Type").orElse(""));
        assertTrue(again.body().contains("<DicomAttribute tag=\"00081199\""), again.body());
        assertEquals(3, stored(node));
    }

    /** The line of docs/flows/stow-rs.md. */
    @Test
    void curlStoresAFile(DozoNode node) throws Exception {
        Path file = Files.write(temp.resolve("image.dcm"), Web.file(ct(1)));
        Shell.Result result = Shell.run(
                        "curl",
                        "-sS",
                        "--fail-with-body",
                        "-H",
                        "Content-Type: application/dicom",
                        "--data-binary",
                        "@" + file,
                        new Web(node).uri(STUDIES).toString())
                .orFail();
        assertTrue(result.output().contains("00081199"), result.output());
        assertEquals(1, stored(node));
    }

    @Test
    void theStatusSaysWhetherAllSomeOrNoneAreStored(DozoNode node) throws Exception {
        Web web = new Web(node);
        TestObject other = TestObject.ct(root + ".9", root + ".9.1", root + ".9.1.1", 10);
        HttpResponse<String> some = web.stow(
                STUDIES + "/" + root,
                DICOM,
                List.of(
                        Web.Part.dicom(Web.file(ct(1))),
                        Web.Part.dicom(Web.file(other)),
                        Web.Part.dicom("nonsense".getBytes(StandardCharsets.US_ASCII)),
                        Web.Part.of("Content-Type: image/png", new byte[100])));
        assertEquals(202, some.statusCode(), some.body());
        Object body = body(some);
        assertEquals(1, DicomJsonModel.items(body, "00081199").size());
        Object failed = DicomJsonModel.items(body, "00081198").getFirst();
        assertEquals(root + ".9.1.1", DicomJsonModel.first(failed, "00081155"));
        assertEquals("" + 0xA900, reason(failed));
        assertEquals(2, DicomJsonModel.items(body, "0008119A").size());
        assertTrue(some.headers().firstValue("Warning").orElse("").contains("Study Instance UID"));
        HttpResponse<String> none = web.stow(STUDIES + "/" + root, DICOM, List.of(Web.Part.dicom(Web.file(other))));
        assertEquals(409, none.statusCode(), none.body());
        assertEquals(1, stored(node));
    }

    // --- metadata and bulk data

    private Dataset header(int number) {
        return TestObject.header(TestObject.CT, root, root + ".1", root + ".1." + number);
    }

    private static String json(Dataset header, String uri) {
        StringBuilder json = new StringBuilder("{");
        header.forEach(element -> {
            String values = String.join(
                    ",",
                    header.getStrings(element.tag()).stream()
                            .map(value -> element.vr() == VR.PN
                                    ? "{\"Alphabetic\":\"" + value + "\"}"
                                    : element.vr() == VR.US ? value : "\"" + value + "\"")
                            .toList());
            json.append("\"%08X\":{\"vr\":\"%s\",\"Value\":[%s]},".formatted(element.tag(), element.vr(), values));
        });
        return json + "\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":\"" + uri + "\"}}";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The stored file of an instance, read as a stranger would. */
    private static byte[] dataSet(DozoNode node, String instance, String syntax) throws Exception {
        try (Connection connection = node.database();
                var statement = connection.createStatement();
                var found = statement.executeQuery(
                        "SELECT c.path FROM object_copy c JOIN stored_object o ON o.id = c.object_fk"
                                + " JOIN instance i ON i.id = o.instance_fk WHERE i.sop_instance_uid = '" + instance
                                + "'")) {
            assertTrue(found.next(), "not stored");
            Path file = node.volumes().values().iterator().next().resolve(found.getString(1));
            try (Part10 part10 = Part10.open(file)) {
                assertEquals(syntax, part10.syntax().uid());
                return part10.dataSet().readAllBytes();
            }
        }
    }

    @Test
    void metadataAndBulkDataBecomeWholeObjects(DozoNode node) throws Exception {
        byte[] pixels = new byte[512];
        new java.util.Random(1).nextBytes(pixels);
        byte[] odd = {1, 2, 3};
        HttpResponse<String> response = new Web(node)
                .stow(
                        STUDIES,
                        JSON,
                        List.of(
                                Web.Part.of(
                                        "Content-Type: " + JSON,
                                        utf8("[" + json(header(1), "pixels/1") + "," + json(header(2), "odd") + "]")),
                                Web.Part.of("Content-Type: application/octet-stream\r\nContent-Location: odd", odd),
                                Web.Part.of(
                                        "Content-Type: application/octet-stream\r\nContent-Location: pixels/1",
                                        pixels)));
        assertEquals(200, response.statusCode(), response.body());
        Dataset whole = header(1).setBytes(Tag.PIXEL_DATA, VR.OW, pixels);
        assertArrayEquals(
                DatasetWriter.toBytes(whole, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN),
                dataSet(node, root + ".1.1", TestObject.EXPLICIT));
        assertEquals(2, stored(node));
    }

    @Test
    void xmlMetadataAndCompressedFramesBecomeWholeObjects(DozoNode node) throws Exception {
        ByteArrayOutputStream xml = new ByteArrayOutputStream();
        new DicomXmlWriter(xml, value -> null).write(header(1));
        String document = xml.toString(StandardCharsets.UTF_8)
                .replace(
                        "</NativeDicomModel>",
                        "<DicomAttribute tag=\"7FE00010\" vr=\"OB\"><BulkData uri=\"f\"/></DicomAttribute></NativeDicomModel>");
        String frame = "Content-Type: image/jls; transfer-syntax=1.2.840.10008.1.2.4.81\r\nContent-Location: f";
        HttpResponse<String> response = new Web(node)
                .stow(
                        STUDIES + "/" + root,
                        XML,
                        List.of(
                                Web.Part.of("Content-Type: " + XML, utf8(document)),
                                Web.Part.of(frame, new byte[] {1, 2, 3}),
                                Web.Part.of(frame, new byte[] {4, 5, 6, 7})));
        assertEquals(200, response.statusCode(), response.body());
        byte[] dataSet = dataSet(node, root + ".1.1", "1.2.840.10008.1.2.4.81");
        assertArrayEquals(
                new byte[] {
                    (byte) 0xE0,
                    0x7F,
                    0x10,
                    0,
                    'O',
                    'B',
                    0,
                    0,
                    -1,
                    -1,
                    -1,
                    -1, //
                    -2,
                    -1,
                    0,
                    -32,
                    0,
                    0,
                    0,
                    0, //
                    -2,
                    -1,
                    0,
                    -32,
                    4,
                    0,
                    0,
                    0,
                    1,
                    2,
                    3,
                    0, //
                    -2,
                    -1,
                    0,
                    -32,
                    4,
                    0,
                    0,
                    0,
                    4,
                    5,
                    6,
                    7, //
                    -2,
                    -1,
                    -35,
                    -32,
                    0,
                    0,
                    0,
                    0
                },
                java.util.Arrays.copyOfRange(dataSet, dataSet.length - 52, dataSet.length));
    }

    /** G13. */
    @Test
    void nothingOutsideTheRequestIsFetched(DozoNode node) throws Exception {
        Path secret = Files.writeString(temp.resolve("secret"), "TOP-SECRET");
        try (ServerSocket trap = new ServerSocket(0)) {
            trap.setSoTimeout(500);
            for (String uri : List.of(
                    secret.toUri().toString(),
                    "file:///etc/hostname",
                    "/etc/hostname",
                    "http://127.0.0.1:" + trap.getLocalPort() + "/x",
                    "jar:file:/etc/hostname!/x",
                    "ftp://127.0.0.1:" + trap.getLocalPort() + "/x")) {
                HttpResponse<String> response = new Web(node)
                        .stow(
                                STUDIES,
                                JSON,
                                List.of(Web.Part.of("Content-Type: " + JSON, utf8("[" + json(header(1), uri) + "]"))));
                assertEquals(409, response.statusCode(), response.body());
                Object failed = DicomJsonModel.items(body(response), "00081198").getFirst();
                assertEquals("" + 0xC000, reason(failed));
            }
            try (Socket caught = trap.accept()) {
                throw new AssertionError("Dozo called " + caught);
            } catch (SocketTimeoutException e) {
                assertEquals(0, stored(node), "nothing called, nothing stored");
            }
        }
    }

    /** G12. */
    @Test
    void documentTypesAreRefused(DozoNode node) throws Exception {
        String xxe = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><NativeDicomModel><DicomAttribute"
                + " tag=\"00100020\" vr=\"LO\"><Value number=\"1\">&x;</Value></DicomAttribute></NativeDicomModel>";
        HttpResponse<String> response =
                new Web(node).stow(STUDIES, XML, List.of(Web.Part.of("Content-Type: " + XML, utf8(xxe))));
        assertEquals(409, response.statusCode(), response.body());
        assertTrue(response.headers().firstValue("Warning").orElse("").contains("DOCTYPE"));
    }

    // --- requests that are none

    @Test
    void whatIsNoRequestOfStowIsRefused(DozoNode node) throws Exception {
        Web web = new Web(node);
        byte[] file = Web.file(ct(1));
        assertEquals(415, web.post(STUDIES, "text/plain", file).statusCode());
        assertEquals(
                415, web.post(STUDIES, "multipart/form-data; boundary=x", file).statusCode());
        assertEquals(415, web.post(STUDIES, "application/json", file).statusCode());
        assertEquals(415, web.stow(STUDIES, "image/png", List.of()).statusCode());
        assertEquals(
                400,
                web.post(STUDIES, "multipart/related; type=\"application/dicom\"", file)
                        .statusCode());
        assertEquals(400, web.post(STUDIES, Web.type(DICOM), file).statusCode());
        assertEquals(400, web.stow(STUDIES, DICOM, List.of()).statusCode());
        assertEquals(400, web.post(STUDIES + "/1..2", DICOM, file).statusCode());
        assertEquals(406, web.post(STUDIES, DICOM, file, "Accept", "text/html").statusCode());
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(file);
        }
        assertEquals(
                415,
                web.post(STUDIES, DICOM, zipped.toByteArray(), "Content-Encoding", "gzip")
                        .statusCode());
        assertEquals(0, stored(node));
        assertTrue(node.isReady());
    }

    @Test
    void manyPartsAreRefusedByTheLimit(DozoNode node) throws Exception {
        byte[] body = utf8(("\r\n--" + Web.BOUNDARY + "\r\n\r\nx").repeat(100_000) + "\r\n--" + Web.BOUNDARY + "--");
        HttpResponse<String> response = new Web(node).post(STUDIES, Web.type(JSON), body);
        assertEquals(400, response.statusCode(), "parts without a name");
        byte[] named = utf8(("\r\n--" + Web.BOUNDARY + "\r\nContent-Location: a\r\n\r\nx").repeat(30_000));
        HttpResponse<String> many = new Web(node).post(STUDIES, Web.type(JSON), named);
        assertEquals(413, many.statusCode(), many.body());
        assertTrue(many.body().contains("stow.max-parts"), many.body());
    }

    @Test
    void aLyingContentLengthStoresNothingHalf(DozoNode node) throws Exception {
        byte[] file = Web.file(ct(1));
        for (int lie : new int[] {-100, 100}) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.httpPort())) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream()
                        .write(utf8("POST " + STUDIES + " HTTP/1.1\r\nHost: 127.0.0.1:" + node.httpPort()
                                + "\r\nContent-Type: application/dicom\r\nConnection: close\r\nContent-Length: "
                                + (file.length + lie) + "\r\n\r\n"));
                socket.getOutputStream().write(file);
                socket.shutdownOutput();
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                assertTrue(!answer.startsWith("HTTP/1.1 200"), answer);
            }
        }
        assertEquals(0, stored(node));
        assertTrue(node.isReady());
    }

    // --- size

    /** More than the heap, 512 MiB, in one part. */
    @Test
    void anObjectLargerThanTheHeapIsStored(DozoNode node) throws Exception {
        int length = 700 << 20;
        byte[] head = FileMetaInformation.of(TestObject.CT, root + ".1.1", TestObject.EXPLICIT)
                .encode();
        byte[] pixelData = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x7FE0)
                .putShort((short) 0x0010)
                .put(Pdus.ascii("OW"))
                .putShort((short) 0)
                .putInt(length)
                .array();
        InputStream file = new SequenceInputStream(
                new ByteArrayInputStream(Pdus.join(Pdus.join(head, TestObject.bytes(header(1))), pixelData)),
                new Repeated(length));
        HttpResponse<String> response =
                new Web(node).stow(STUDIES, DICOM, List.of(new Web.Part("Content-Type: application/dicom", file)));
        assertEquals(200, response.statusCode(), response.body());
        assertEquals(1, stored(node));
    }

    /** A stream of carriage returns and dashes: each could begin a boundary. */
    private static final class Repeated extends InputStream {

        private static final byte[] UNIT = utf8("\r\n--dozo-");
        private int left;

        Repeated(int length) {
            left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? UNIT[left & 7] : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int count = Math.min(left, length);
            for (int i = 0; i < count; i++) {
                into[offset + i] = UNIT[i & 7];
            }
            left -= count;
            return count;
        }
    }

    @Test
    void theGivenSeriesAreStored(DozoNode node) throws Exception {
        List<Web.Part> parts = new ArrayList<>();
        for (Path file : GivenFiles.below("series")) {
            parts.add(Web.Part.dicom(Files.readAllBytes(file)));
        }
        if (!parts.isEmpty()) {
            HttpResponse<String> response = new Web(node).stow(STUDIES, DICOM, parts);
            assertEquals(200, response.statusCode(), response.body());
            assertEquals(
                    parts.size(),
                    DicomJsonModel.items(body(response), "00081199").size());
        }
    }
}
