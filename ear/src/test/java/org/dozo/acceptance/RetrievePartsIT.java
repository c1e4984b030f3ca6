// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.dozo.dicom.io.Part10;
import org.junit.jupiter.api.Test;

/** WADO-RS of a deployed node: frames, bulk data and metadata are those of what was stored. */
class RetrievePartsIT extends RetrieveWebCase {

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
}
