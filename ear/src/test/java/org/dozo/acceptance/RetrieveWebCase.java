// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of WADO-RS store, ask for and read. */
@ExtendWith(SharedNode.class)
abstract class RetrieveWebCase {

    static final String STUDY = "2.25.801";

    static final String SERIES = "2.25.801.1";

    static final String JPEG = "1.2.840.10008.1.2.4.70";

    @TempDir
    Path temp;

    private final HttpClient client = HttpClient.newHttpClient();

    record Stored(String study, String series, String instance, String sha256, int offset) {

        String path() {
            return "/studies/" + study + "/series/" + series + "/instances/" + instance;
        }
    }

    static String base(DozoNode node) {
        return "http://127.0.0.1:" + node.httpPort() + "/dicomweb";
    }

    HttpResponse<byte[]> send(DozoNode node, String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(path.startsWith("http") ? path : base(node) + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> get(DozoNode node, String path, String... headers) throws Exception {
        return send(node, "GET", path, headers);
    }

    static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static Dataset image(String instance, int frames) {
        return TestObject.header(TestObject.CT, STUDY, SERIES, instance)
                .setInts(Tag.NUMBER_OF_FRAMES, VR.IS, frames)
                .setInts(Tag.ROWS, VR.US, 4)
                .setInts(Tag.COLUMNS, VR.US, 4)
                .setInts(Tag.SAMPLES_PER_PIXEL, VR.US, 1)
                .setString(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "MONOCHROME2")
                .setInts(Tag.BITS_ALLOCATED, VR.US, 8);
    }

    static byte[] pixels(int count) {
        byte[] pixels = new byte[count];
        for (int i = 0; i < count; i++) {
            pixels[i] = (byte) i;
        }
        return pixels;
    }

    static void store(DozoNode node, TestObject object) throws IOException {
        ProposedContext context = new ProposedContext(object.sopClassUid(), List.of(object.transferSyntaxUid()));
        try (Sender sender = Sender.open(node, "ACCEPTANCE", List.of(context))) {
            sender.store(object);
        }
    }

    /** One native object of three frames, and a compressed one of two frames in three fragments. */
    static void storeOwn(DozoNode node) throws IOException {
        Dataset image = image("2.25.801.1.1", 3).setBytes(Tag.PIXEL_DATA, VR.OW, pixels(48));
        store(
                node,
                TestObject.of(
                        TestObject.CT,
                        "2.25.801.1.1",
                        "1.2.840.10008.1.2",
                        DatasetWriter.toBytes(image, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN)));
        byte[] begin = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 1};
        Dataset compressed = image("2.25.801.1.2", 2)
                .set(Element.ofFragments(Tag.PIXEL_DATA, VR.OB, List.of(new byte[0], begin, new byte[] {5, 6}, begin)));
        store(
                node,
                TestObject.of(
                        TestObject.CT,
                        "2.25.801.1.2",
                        JPEG,
                        DatasetWriter.toBytes(compressed, TransferSyntaxes.of(JPEG))));
    }

    static void storeGiven(DozoNode node, Path file) {
        try {
            store(node, GivenFiles.read(file));
        } catch (IOException | RuntimeException e) {
            // What is refused is EveryGivenFileIT's matter.
            System.out.println("not stored: " + GivenFiles.name(file));
        }
    }

    static List<Stored> stored(DozoNode node) throws Exception {
        List<Stored> stored = new ArrayList<>();
        try (Connection connection = node.database();
                var statement = connection.createStatement();
                var row = statement.executeQuery("""
                        SELECT study_instance_uid, series_instance_uid, sop_instance_uid,
                            encode(data_set_sha256, 'hex'), data_set_offset
                        FROM stored_object AS object JOIN instance ON instance.id = instance_fk
                        JOIN series ON series.id = series_fk JOIN study ON study.id = study_fk
                        WHERE state = 'CURRENT' AND data_set_length < 100000000 ORDER BY object.id""")) {
            while (row.next()) {
                stored.add(new Stored(
                        row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getInt(5)));
            }
        }
        return stored;
    }

    static String sha256(byte[] bytes, int from) {
        return HexFormat.of().formatHex(SentObjects.sha256().digest(Arrays.copyOfRange(bytes, from, bytes.length)));
    }

    /** The bodies of the parts, by the boundary; each part's Content-Length must be right. */
    static List<byte[]> parts(HttpResponse<byte[]> answer) {
        String type = header(answer, "Content-Type");
        String boundary = "--" + type.replaceAll(".*boundary=\"?([^\";]+).*", "$1");
        byte[] body = answer.body();
        List<byte[]> parts = new ArrayList<>();
        int at = 0;
        while (true) {
            String head = new String(body, at, Math.min(300, body.length - at), StandardCharsets.ISO_8859_1);
            assertTrue(head.startsWith(boundary), "a boundary is missing");
            if (head.startsWith(boundary + "--")) {
                assertEquals(body.length, at + boundary.length() + 4);
                return parts;
            }
            int start = head.indexOf("\r\n\r\n") + 4;
            int length = Integer.parseInt(head.replaceAll("(?s).*?Content-Length: ([0-9]+).*", "$1"));
            parts.add(Arrays.copyOfRange(body, at + start, at + start + length));
            at += start + length + 2;
        }
    }
}
