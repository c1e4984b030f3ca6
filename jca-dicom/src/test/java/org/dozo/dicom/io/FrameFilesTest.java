// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Frames of the files of ../shared/data, beside those that pydicom extracts: where both are there. */
class FrameFilesTest {

    private static final Path DATA = Path.of("../../shared/data");
    private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");

    /** A line for each file whose frames pydicom can tell apart: path, and the SHA-256 of each frame. */
    private static final String EXTRACT = """
            import hashlib, os, sys
            import numpy, pydicom
            from pydicom.encaps import generate_pixel_data_frame
            from pydicom.pixel_data_handlers.util import get_expected_length
            pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
            def frames(ds):
                count = int(ds.get('NumberOfFrames', 1) or 1)
                if ds.file_meta.TransferSyntaxUID.is_compressed:
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
            for folder, _, names in os.walk(sys.argv[1]):
                for name in names:
                    path = os.path.join(folder, name)
                    try:
                        ds = pydicom.dcmread(path)
                        found = frames(ds)
                        if len(found) == int(ds.get('NumberOfFrames', 1) or 1):
                            print(path, *[hashlib.sha256(frame).hexdigest() for frame in found])
                    except Exception:
                        pass
            """;

    @Test
    void framesEqualWhatPydicomExtracts() throws Exception {
        assumeTrue(Files.isDirectory(DATA), "no ../shared/data");
        String python =
                PYTHONS.stream().filter(FrameFilesTest::hasPydicom).findFirst().orElse("");
        assumeTrue(!python.isEmpty(), "no python3-pydicom");
        Map<String, Integer> outcomes = new TreeMap<>();
        for (String part : List.of("dicom", "series")) {
            for (String line : run(python, "-c", EXTRACT, DATA.resolve(part).toString())) {
                outcomes.merge(compare(line.split(" ")), 1, Integer::sum);
            }
        }
        System.out.println("../shared/data frames beside pydicom: " + outcomes);
        assertTrue(outcomes.getOrDefault("equal", 0) > 20, outcomes.toString());
        outcomes.remove("equal");
        outcomes.remove("never stored");
        assertEquals(Map.of(), outcomes);
    }

    private static String compare(String... line) throws Exception {
        try (Part10 part10 = Part10.open(Path.of(line[0]))) {
            ScannedObject object = scan(part10);
            if (object == null) {
                return "never stored";
            }
            long length = Files.size(Path.of(line[0])) - part10.dataSetOffset();
            try (DataSetFile file = new DataSetFile(
                    Path.of(line[0]), part10.dataSetOffset(), length, part10.syntax(), ParseLimits.DEFAULT)) {
                FrameIndex index = FrameIndex.of(object, file);
                assertEquals(line.length - 1, index.count(), line[0]);
                for (int number = 1; number <= index.count(); number++) {
                    Frame frame = index.frame(number);
                    try (InputStream bytes = frame.open(file)) {
                        byte[] read = bytes.readAllBytes();
                        assertEquals(frame.length(), read.length, line[0]);
                        String digest = HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(read));
                        assertEquals(line[number], digest, line[0] + " frame " + number);
                    }
                }
                return "equal";
            }
        } catch (DicomFormatException e) {
            return line[0] + ": " + e.getMessage();
        }
    }

    /** Null for what is refused when it comes in. */
    private static @Nullable ScannedObject scan(Part10 part10) throws Exception {
        try {
            return ObjectScanner.scan(part10.dataSet(), part10.syntax(), ParseLimits.DEFAULT);
        } catch (DicomFormatException | DicomLimitException e) {
            return null;
        }
    }

    private static boolean hasPydicom(String python) {
        try {
            run(python, "-c", "import pydicom, numpy");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command[0] + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output.lines().toList();
    }
}
