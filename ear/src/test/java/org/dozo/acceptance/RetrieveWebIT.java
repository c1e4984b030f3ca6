// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dozo.dicom.io.Part10;
import org.junit.jupiter.api.Test;

/** WADO-RS and WADO-URI of a deployed node: what was stored comes back, in every form, bit by bit. */
class RetrieveWebIT extends RetrieveWebCase {

    private static final String PARTS = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";

    @Test
    void everythingStoredComesBackAsItWasSent(DozoNode node) throws Exception {
        storeOwn(node);
        for (Path file : GivenFiles.below("dicom")) {
            storeGiven(node, file);
        }
        List<Stored> all = stored(node);
        Map<String, Integer> bySeries = new HashMap<>();
        for (Stored one : all) {
            HttpResponse<byte[]> answer = get(node, one.path(), "Accept", "application/dicom; transfer-syntax=*");
            assertEquals(200, answer.statusCode(), one.path());
            assertEquals(one.sha256(), sha256(answer.body(), one.offset()), one.path());
            bySeries.merge(one.study() + "/series/" + one.series(), 1, Integer::sum);
        }
        for (Map.Entry<String, Integer> series : bySeries.entrySet()) {
            HttpResponse<byte[]> answer = get(node, "/studies/" + series.getKey(), "Accept", PARTS);
            assertEquals(200, answer.statusCode(), series.getKey());
            assertEquals(series.getValue(), parts(answer).size(), series.getKey());
        }
        System.out.println(all.size() + " instances came back bit by bit");
    }

    @Test
    void acceptDecidesWhatIsAnswered(DozoNode node) throws Exception {
        storeOwn(node);
        String study = "/studies/" + STUDY;
        String instance = study + "/series/" + SERIES + "/instances/2.25.801.1.1";
        Map<String, String> answers = new HashMap<>();
        for (String accept :
                List.of("*/*", "multipart/related", "multipart/related; type=application/dicom", "application/zip")) {
            answers.put(
                    accept,
                    header(get(node, study, "Accept", accept), "Content-Type").split(";")[0]);
        }
        assertEquals("application/zip", answers.remove("application/zip"));
        assertEquals(
                List.of("multipart/related"),
                answers.values().stream().distinct().toList());
        HttpResponse<byte[]> refused = get(node, study, "Accept", "image/jpeg");
        assertEquals(406, refused.statusCode());
        assertTrue(text(refused).contains("application/zip"), text(refused));
        assertEquals(
                200,
                get(node, instance + "?accept=application/dicom", "Accept", "image/jpeg")
                        .statusCode());
        assertEquals(
                400, get(node, study, "Accept", "multipart/related; type=\"x").statusCode());
        assertEquals(400, get(node, "/studies/1.2..3").statusCode());
        assertEquals(400, get(node, "/studies/1.2%27%20OR%201").statusCode());
        assertEquals(404, get(node, "/studies/2.25.1").statusCode());
        assertEquals(
                404,
                get(node, "/studies/2.25.1/series/" + SERIES + "/instances/2.25.801.1.1")
                        .statusCode());
    }

    @Test
    void uncompressedObjectsAreConvertedAndCompressedOnesLeftOut(DozoNode node) throws Exception {
        storeOwn(node);
        String series = "/studies/" + STUDY + "/series/" + SERIES;
        String explicit = "transfer-syntax=1.2.840.10008.1.2.1";
        HttpResponse<byte[]> converted =
                get(node, series + "/instances/2.25.801.1.1", "Accept", "application/dicom; " + explicit);
        assertEquals(200, converted.statusCode());
        assertEquals("" + converted.body().length, header(converted, "Content-Length"));
        Path file = Files.write(temp.resolve("converted.dcm"), converted.body());
        try (Part10 part10 = Part10.open(file)) {
            assertEquals("1.2.840.10008.1.2.1", part10.syntax().uid());
        }
        HttpResponse<byte[]> some =
                get(node, series, "Accept", "multipart/related; type=\"application/dicom\"; " + explicit);
        assertEquals(206, some.statusCode());
        assertTrue(header(some, "Warning").contains("1 of 2"), header(some, "Warning"));
        assertEquals(1, countParts(some));
        HttpResponse<byte[]> none =
                get(node, series + "/instances/2.25.801.1.2", "Accept", "application/dicom; " + explicit);
        assertEquals(406, none.statusCode());
        assertTrue(text(none).contains("transfer-syntax=*"), text(none));
    }

    private static int countParts(HttpResponse<byte[]> answer) {
        String body = new String(answer.body(), StandardCharsets.ISO_8859_1);
        return body.split("Content-Type: application/dicom;", -1).length - 1;
    }

    @Test
    void versionsConditionsRangesAndHead(DozoNode node) throws Exception {
        storeOwn(node);
        String series = "/studies/" + STUDY + "/series/" + SERIES;
        String instance = series + "/instances/2.25.801.1.1";
        for (String path :
                List.of(series, instance, series + "/metadata", instance + "/metadata", instance + "/frames/1")) {
            HttpResponse<byte[]> whole = get(node, path);
            String tag = header(whole, "ETag");
            assertFalse(tag.isEmpty(), path);
            assertEquals(304, get(node, path, "If-None-Match", tag).statusCode(), path);
            assertEquals(200, get(node, path, "If-None-Match", "\"other\"").statusCode(), path);
            HttpResponse<byte[]> head = send(node, "HEAD", path);
            assertEquals(200, head.statusCode(), path);
            assertEquals(tag, header(head, "ETag"), path);
            assertEquals(
                    header(whole, "Content-Type").split(";")[0],
                    header(head, "Content-Type").split(";")[0],
                    path);
            assertEquals(0, head.body().length);
            if (!path.endsWith("metadata")) {
                assertEquals("" + whole.body().length, header(head, "Content-Length"), path);
            }
        }
        String bulk = instance + "/bulkdata/7FE00010";
        assertArrayEquals(pixels(48), get(node, bulk).body());
        HttpResponse<byte[]> range = get(node, bulk, "Range", "bytes=10-19");
        assertEquals(206, range.statusCode());
        assertEquals("bytes 10-19/48", header(range, "Content-Range"));
        assertArrayEquals(Arrays.copyOfRange(pixels(48), 10, 20), range.body());
        HttpResponse<byte[]> beyond = get(node, bulk, "Range", "bytes=48-");
        assertEquals(416, beyond.statusCode());
        assertEquals("bytes */48", header(beyond, "Content-Range"));
        assertEquals(
                200,
                get(node, bulk, "Range", "bytes=0-1", "If-Range", "\"other\"").statusCode());
        assertEquals(404, get(node, instance + "/bulkdata/00100010").statusCode());
        assertEquals(400, get(node, instance + "/bulkdata/..%2F..").statusCode());
        assertArrayEquals(
                pixels(48),
                parts(get(node, bulk, "Accept", "multipart/related; type=\"application/octet-stream\""))
                        .getFirst());
    }

    @Test
    void unzipReadsTheArchiveOfAStudy(DozoNode node) throws Exception {
        storeOwn(node);
        Path zip = Files.write(
                temp.resolve("study.zip"),
                get(node, "/studies/" + STUDY, "Accept", "application/zip").body());
        Shell.Result result = Shell.run("unzip", "-t", zip.toString());
        assertEquals(0, result.exit(), result.output());
        assertTrue(result.output().contains(SERIES + "/2.25.801.1.2.dcm"), result.output());
    }

    @Test
    void wadoUriGivesTheInstanceOrSaysWhyNot(DozoNode node) throws Exception {
        storeOwn(node);
        String uids = "&studyUID=" + STUDY + "&seriesUID=" + SERIES + "&objectUID=2.25.801.1.1";
        String wado = "http://127.0.0.1:" + node.httpPort() + "/wado?requestType=WADO";
        HttpResponse<byte[]> answer = get(node, wado + uids + "&contentType=application/dicom");
        assertEquals(200, answer.statusCode(), text(answer));
        Stored stored = stored(node).stream()
                .filter(one -> one.instance().equals("2.25.801.1.1"))
                .findFirst()
                .orElseThrow();
        assertEquals(stored.sha256(), sha256(answer.body(), stored.offset()));
        assertEquals(406, get(node, wado + uids + "&contentType=image/jpeg").statusCode());
        assertEquals(400, get(node, wado + "&studyUID=1.2&objectUID=1.3").statusCode());
        assertEquals(400, get(node, wado + uids + "&anonymize=yes").statusCode());
        assertEquals(400, get(node, wado.replace("WADO", "x") + uids).statusCode());
    }

    @Test
    void aMissingCopyIsSaidToBeMissing(DozoNode node) throws Exception {
        String study = "2.25.804";
        store(node, TestObject.ct(study, study + ".1", study + ".1.1", 1000));
        String path = "/studies/" + study + "/series/" + study + ".1/instances/" + study + ".1.1";
        String sql =
                "SELECT count(*) FROM object_copy JOIN stored_object ON id = object_fk JOIN instance ON instance.id ="
                        + " instance_fk WHERE sop_instance_uid = '" + study + ".1.1' AND object_copy.state = 'SUSPECT'";
        Path file;
        try (Connection connection = node.database();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT path FROM object_copy ORDER BY object_fk DESC LIMIT 1")) {
            row.next();
            file = node.volumes().get("main").resolve(row.getString(1));
        }
        Path aside = temp.resolve("aside.dcm");
        Files.move(file, aside);
        HttpResponse<byte[]> answer;
        try {
            answer = get(node, path);
        } finally {
            Files.move(aside, file);
        }
        assertEquals(503, answer.statusCode());
        assertEquals(1, node.count(sql));
        assertEquals(200, get(node, path).statusCode());
    }
}
