// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.Part10;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** WADO-RS and WADO-URI of a deployed node: what was stored comes back, in every form, bit by bit. */
@ExtendWith(SharedNode.class)
class RetrieveWebIT {

    private static final String STUDY = "2.25.801";
    private static final String SERIES = "2.25.801.1";
    private static final String JPEG = "1.2.840.10008.1.2.4.70";
    private static final String PARTS = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";

    /** Frames, bulk data and metadata of each file beside those of a node: a line for each that differs. */
    private static final String COMPARE = """
            import json, re, sys, urllib.request
            import numpy, pydicom
            from pydicom.encaps import generate_pixel_data_frame
            from pydicom.pixel_data_handlers.util import get_expected_length
            pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
            pydicom.config.replace_un_with_known_vr = False
            def compressed(ds):
                return ds.file_meta.TransferSyntaxUID not in ('1.2.840.10008.1.2', '1.2.840.10008.1.2.1',
                    '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.1.99')
            def get(url, accept):
                request = urllib.request.Request(url, headers={'Accept': accept})
                with urllib.request.urlopen(request) as answer:
                    return answer.headers, answer.read()
            def parts(headers, body):
                boundary = re.search('boundary="?([^";]+)', headers['Content-Type']).group(1).encode()
                found = (b'\\r\\n' + body).split(b'\\r\\n--' + boundary)
                assert found[0] == b'' and found[-1].strip() == b'--', 'multipart'
                return [part.split(b'\\r\\n\\r\\n', 1)[1] for part in found[1:-1]]
            def frames(ds):
                count = int(ds.get('NumberOfFrames', 1) or 1)
                if compressed(ds):
                    return list(generate_pixel_data_frame(ds.PixelData, count))
                data = ds.PixelData
                if ds.BitsAllocated == 1:
                    bits = numpy.unpackbits(numpy.frombuffer(data, numpy.uint8), bitorder='little')
                    size = ds.Rows * ds.Columns * ds.SamplesPerPixel
                    return [numpy.packbits(bits[i * size:(i + 1) * size], bitorder='little').tobytes() for i in range(count)]
                if not ds.is_little_endian and ds['PixelData'].VR == 'OW':
                    data = numpy.frombuffer(data, '>u2').astype('<u2').tobytes()
                size = get_expected_length(ds) // count
                return [data[i * size:(i + 1) * size] for i in range(count)]
            def compare(path, base):
                try:
                    ds = pydicom.dcmread(path)
                    list(ds)
                except Exception:
                    return  # pydicom can't read it
                count = int(ds.get('NumberOfFrames', 1) or 1)
                if 'PixelData' in ds:
                    try:
                        expected = frames(ds)
                    except Exception:
                        expected = []
                    if len(expected) == count:
                        url = base + '/frames/' + ','.join(str(i + 1) for i in range(count))
                        got = parts(*get(url, 'multipart/related; type="application/octet-stream"; transfer-syntax=*'))
                        if got != expected:
                            yield 'frames'
                document = json.loads(get(base + '/metadata', 'application/dicom+json')[1])[0]
                uri = document.get('7FE00010', {}).get('BulkDataURI')
                if uri and not compressed(ds) and ds.is_little_endian:
                    if get(uri, 'application/octet-stream')[1] != ds.PixelData:
                        yield 'bulkdata'
                expected = {'%08X' % e.tag for e in ds if e.tag.element != 0 and e.tag != 0xFFFCFFFC}
                if set(document) != expected:
                    yield 'metadata: other attributes ' + str(sorted(set(document) ^ expected))
                for e in (e for e in ds if e.tag.element != 0):
                    found = document.get('%08X' % e.tag, {})
                    if e.tag.is_private and found.get('vr') == 'UN':
                        continue  # pydicom knows private tags of implicit VR
                    if e.VR in ('UI', 'US', 'SS', 'UL', 'SL', 'DA', 'TM', 'CS', 'SH', 'LO') and e.tag != 0x00080005:
                        values = [] if e.VM == 0 or e.value is None else [e.value] if e.VM == 1 else list(e.value)
                        got = ['' if v is None else v for v in found.get('Value', [])]
                        values = [str(v).strip() for v in values]
                        if any(values) and [str(v).strip() for v in got] != values and 'BulkDataURI' not in found:
                            yield 'metadata: %s %s' % (e.tag, e.VR)
            for line in sys.stdin:
                path, base = line.rstrip('\\n').split('\\t')
                try:
                    for difference in compare(path, base):
                        print(path, difference)
                except Exception as e:
                    print(path, type(e).__name__, e)
            """;

    @TempDir
    private Path temp;

    private final HttpClient client = HttpClient.newHttpClient();

    private record Stored(String study, String series, String instance, String sha256, int offset) {

        String path() {
            return "/studies/" + study + "/series/" + series + "/instances/" + instance;
        }
    }

    private static String base(DozoNode node) {
        return "http://127.0.0.1:" + node.httpPort() + "/dicomweb";
    }

    private HttpResponse<byte[]> send(DozoNode node, String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(path.startsWith("http") ? path : base(node) + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(DozoNode node, String path, String... headers) throws Exception {
        return send(node, "GET", path, headers);
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static String header(HttpResponse<?> answer, String name) {
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

    private static byte[] pixels(int count) {
        byte[] pixels = new byte[count];
        for (int i = 0; i < count; i++) {
            pixels[i] = (byte) i;
        }
        return pixels;
    }

    private static void store(DozoNode node, TestObject object) throws IOException {
        ProposedContext context = new ProposedContext(object.sopClassUid(), List.of(object.transferSyntaxUid()));
        try (Sender sender = Sender.open(node, "ACCEPTANCE", List.of(context))) {
            sender.store(object);
        }
    }

    /** One native object of three frames, and a compressed one of two frames in three fragments. */
    private static void storeOwn(DozoNode node) throws IOException {
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

    private static List<Stored> stored(DozoNode node) throws Exception {
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

    private static String sha256(byte[] bytes, int from) {
        return HexFormat.of().formatHex(SentObjects.sha256().digest(Arrays.copyOfRange(bytes, from, bytes.length)));
    }

    /** The bodies of the parts, by the boundary; each part's Content-Length must be right. */
    private static List<byte[]> parts(HttpResponse<byte[]> answer) {
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

    private static void storeGiven(DozoNode node, Path file) {
        try {
            store(node, GivenFiles.read(file));
        } catch (IOException | RuntimeException e) {
            // What is refused is EveryGivenFileIT's matter.
            System.out.println("not stored: " + GivenFiles.name(file));
        }
    }

    @Test
    void framesBulkDataAndMetadataAreWhatPydicomReads(DozoNode node) throws Exception {
        List<Path> files = new ArrayList<>(GivenFiles.below("series"));
        assumeTrue(!files.isEmpty(), "no ../shared/data");
        assumeTrue(Shell.run("/usr/bin/python3", "-c", "import pydicom, numpy").exit() == 0, "no python3-pydicom");
        files.addAll(GivenFiles.below("dicom").stream()
                .filter(file -> !GivenFiles.name(file).contains("CHARSET"))
                .toList());
        Map<String, Path> byUid = new HashMap<>();
        for (Path file : files) {
            storeGiven(node, file);
        }
        for (Path file : files) {
            byUid.putIfAbsent(digest(file), file);
        }
        StringBuilder lines = new StringBuilder();
        int count = 0;
        for (Stored one : stored(node)) {
            Path file = byUid.get(one.sha256());
            if (file != null) {
                lines.append(file)
                        .append('\t')
                        .append(base(node))
                        .append(one.path())
                        .append('\n');
                count++;
            }
        }
        Path input = Files.writeString(temp.resolve("lines"), lines);
        Path script = Files.writeString(temp.resolve("compare.py"), COMPARE);
        Shell.Result result = Shell.run(
                Path.of(""),
                Map.of(),
                Duration.ofMinutes(5),
                List.of("/bin/sh", "-c", "/usr/bin/python3 " + script + " < " + input));
        System.out.println(count + " files beside pydicom");
        assertEquals("", result.output());
        assertTrue(count > 100, "only " + count);
    }

    private static String digest(Path file) throws IOException {
        try (Part10 part10 = Part10.open(file)) {
            return sha256(part10.dataSet().readAllBytes(), 0);
        } catch (IOException e) {
            return "";
        }
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
    void framesComeAloneAndInParts(DozoNode node) throws Exception {
        storeOwn(node);
        String native3 = "/studies/" + STUDY + "/series/" + SERIES + "/instances/2.25.801.1.1/frames/";
        HttpResponse<byte[]> two =
                get(node, native3 + "3,1", "Accept", "multipart/related; type=\"application/octet-stream\"");
        assertArrayEquals(Arrays.copyOfRange(pixels(48), 32, 48), parts(two).getFirst());
        assertArrayEquals(Arrays.copyOfRange(pixels(48), 0, 16), parts(two).getLast());
        HttpResponse<byte[]> alone = get(node, native3 + "2", "Accept", "application/octet-stream");
        assertArrayEquals(Arrays.copyOfRange(pixels(48), 16, 32), alone.body());
        assertEquals(404, get(node, native3 + "4").statusCode());
        assertEquals(400, get(node, native3 + "0").statusCode());
        assertEquals(400, get(node, native3 + "1,x").statusCode());
        String compressed = "/studies/" + STUDY + "/series/" + SERIES + "/instances/2.25.801.1.2/frames/";
        HttpResponse<byte[]> jpeg = get(node, compressed + "1", "Accept", "image/jpeg");
        assertEquals(
                "image/jpeg;transfer-syntax=" + JPEG,
                header(jpeg, "Content-Type").replace(" ", ""));
        assertArrayEquals(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 1, 5, 6}, jpeg.body());
        assertEquals(
                406,
                get(node, compressed + "1", "Accept", "multipart/related; type=\"application/octet-stream\"")
                        .statusCode());
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
    void metadataOfALargeSeriesIsPreparedBeforeAnybodyAsks(DozoNode node) throws Exception {
        String study = "2.25.803";
        for (int i = 1; i <= 16; i++) {
            store(node, TestObject.ct(study, study + ".1", study + ".1." + i, 10));
        }
        String kept = "SELECT count(*) FROM series_metadata JOIN series ON series.id = series_fk"
                + " WHERE series_instance_uid = '" + study + ".1' AND base_uri = ";
        Await.until("the metadata is prepared", Duration.ofSeconds(60), () -> node.count(kept + "''") == 1);
        String metadata = text(get(node, "/studies/" + study + "/series/" + study + ".1/metadata"));
        assertEquals(17, metadata.split("\"00080018\"", -1).length);
        assertEquals(1, node.count(kept + "'" + base(node) + "'"));
    }

    @Test
    void keptMetadataFollowsEveryNewObject(DozoNode node) throws Exception {
        String study = "2.25.802";
        List<String> sizes = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            store(node, TestObject.ct(study, study + ".1", study + ".1." + i, 10));
        }
        String path = "/studies/" + study + "/series/" + study + ".1/metadata";
        for (int round = 0; round < 2; round++) {
            assertEquals(200, get(node, path).statusCode());
            sizes.add("" + text(get(node, path)).split("\"00080018\"", -1).length);
        }
        assertEquals(
                1,
                node.count("SELECT count(*) FROM series_metadata JOIN series ON series.id = series_fk"
                        + " WHERE series_instance_uid = '" + study + ".1'"));
        store(node, TestObject.ct(study, study + ".1", study + ".1.21", 10));
        sizes.add("" + text(get(node, path)).split("\"00080018\"", -1).length);
        assertEquals(List.of("21", "21", "22"), sizes);
        HttpResponse<byte[]> zipped = get(node, path, "Accept-Encoding", "gzip");
        assertEquals("gzip", header(zipped, "Content-Encoding"));
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
            in.transferTo(plain);
        }
        String json = plain.toString(StandardCharsets.UTF_8);
        assertEquals(text(get(node, path)), json);
        assertTrue(json.contains("\"BulkDataURI\":\"" + base(node) + "/studies/" + study), "absolute URIs");
        String elsewhere = base(node).replace("127.0.0.1", "localhost");
        assertEquals(
                json.replace(base(node), elsewhere),
                text(get(node, elsewhere + path)),
                "the same under another address");
        HttpResponse<byte[]> xml = get(node, path, "Accept", "multipart/related; type=\"application/dicom+xml\"");
        assertEquals(21, parts(xml).size());
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
        String study = "2.25.803";
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
