// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.dozo.dicom.io.FileMetaInformation;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A client of DICOMweb without any knowledge of DICOM. */
final class Web {

    static final String BOUNDARY = "dozo-acceptance";

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** As browsers do without TLS. */
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String base;

    Web(DozoNode node) {
        this(node, 0);
    }

    /** Of a member of a cluster, past the balancer; 0: whatever is at the cluster's own port. */
    Web(DozoNode cluster, int member) {
        base = "http://127.0.0.1:" + (cluster.httpPort() + 100 * member);
    }

    /** One part: its header lines, without those of the boundary, and its content. */
    record Part(String headers, InputStream content) {

        static Part of(String headers, byte[] content) {
            return new Part(headers, new ByteArrayInputStream(content));
        }

        static Part dicom(byte[] file) {
            return of("Content-Type: application/dicom", file);
        }
    }

    URI uri(String path) {
        return URI.create(base + path);
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send(request(path, headers).GET().build());
    }

    /** To be closed by whoever reads it. */
    HttpResponse<InputStream> stream(String path, String... headers) throws IOException, InterruptedException {
        return client.send(request(path, headers).GET().build(), BodyHandlers.ofInputStream());
    }

    HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE().build());
    }

    HttpResponse<String> post(String path, String type, byte[] body, String... headers)
            throws IOException, InterruptedException {
        return send(request(path, headers)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    /** Sends the parts as they are read, without a Content-Length. */
    HttpResponse<String> stow(String path, String rootType, List<Part> parts, String... headers)
            throws IOException, InterruptedException {
        List<InputStream> streams = new ArrayList<>();
        for (Part part : parts) {
            streams.add(ascii("\r\n--" + BOUNDARY + "\r\n" + part.headers() + "\r\n\r\n"));
            streams.add(part.content());
        }
        streams.add(ascii("\r\n--" + BOUNDARY + "--\r\n"));
        InputStream body = new SequenceInputStream(Collections.enumeration(streams));
        return send(request(path, headers)
                .header("Content-Type", type(rootType))
                .POST(BodyPublishers.ofInputStream(() -> body))
                .build());
    }

    static String type(String rootType) {
        return "multipart/related; type=\"" + rootType + "\"; boundary=" + BOUNDARY;
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
        return headers.length == 0 ? request : request.headers(headers);
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static InputStream ascii(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A Part 10 file of an object. */
    static byte[] file(TestObject object) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(FileMetaInformation.of(object.sopClassUid(), object.sopInstanceUid(), object.transferSyntaxUid())
                .encode());
        try (InputStream dataSet = object.dataSet().open()) {
            dataSet.transferTo(file);
        }
        return file.toByteArray();
    }

    /** Maps, lists, texts and numbers. */
    static Object json(String text) {
        // YAML has every JSON but for the characters that it wants escaped.
        String escaped = Pattern.compile("[\\x7F-\\x84\\x86-\\x9F\\uFFFE\\uFFFF]")
                .matcher(text)
                .replaceAll(match -> "\\\\u%04X".formatted((int) match.group().charAt(0)));
        Object parsed = new Load(LoadSettings.builder().build()).loadFromString(escaped);
        if (parsed == null) {
            throw new AssertionError("No JSON: " + text);
        }
        return parsed;
    }
}
