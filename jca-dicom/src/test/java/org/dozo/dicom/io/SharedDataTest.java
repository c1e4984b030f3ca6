// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Scans every file of ../shared/data, if it is there: each is read, or refused in one of the two ways that there are. */
class SharedDataTest {

    private static final Path DATA = Path.of("../../shared/data");

    @Test
    void everySharedFileIsReadOrRefusedInOrder() throws IOException {
        for (String part : List.of("dicom", "series", "hostile")) {
            Map<String, Integer> outcomes = new TreeMap<>();
            for (Path file : files(DATA.resolve(part))) {
                outcomes.merge(outcome(file), 1, Integer::sum);
            }
            System.out.println("../shared/data/" + part + ": " + outcomes);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String outcome(Path path) throws IOException {
        try (Part10 file = Part10.open(path)) {
            ScannedObject scanned = ObjectScanner.scan(file.dataSet(), file.syntax(), ParseLimits.DEFAULT);
            if (!file.syntax().deflated()) {
                assertEquals(Files.size(path), file.dataSetOffset() + scanned.length(), path.toString());
            }
            ScannedObject kept = HeaderBlob.decode(HeaderBlob.encode(scanned));
            // A value of odd length is padded when it is kept.
            if (scanned.findings().stream().noneMatch(f -> f.kind() == Finding.Kind.ODD_LENGTH)) {
                assertEquals(scanned, kept, path.toString());
            }
            return scanned.findings().isEmpty() ? "read" : "read with findings";
        } catch (DicomFormatException e) {
            return "malformed";
        } catch (DicomLimitException e) {
            return "over a limit";
        }
    }
}
