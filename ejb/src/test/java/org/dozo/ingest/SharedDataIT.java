// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.DicomLimitException;
import org.dozo.dicom.io.Part10;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every file of the shared data set, where there is one: taken or refused with a status, and as many objects as were taken. */
class SharedDataIT {

    private static final Path SHARED = Path.of(System.getProperty("dozo.shared-data", "../../shared/data"));

    @TempDir
    private Path directory;

    private static List<Path> files() throws IOException {
        if (!Files.isDirectory(SHARED)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(SHARED)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> Stream.of("dicom", "series", "hostile")
                            .anyMatch(part -> file.startsWith(SHARED.resolve(part))))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyFileIsTakenOrRefusedAndNothingElseIsLeft() throws Exception {
        Map<String, Integer> answers = new TreeMap<>();
        try (Archive archive = new Archive(directory, 1, true)) {
            for (Path file : files()) {
                answers.merge(send(archive, file), 1, Integer::sum);
            }
            System.out.println("Shared data by answer: " + answers);
            assertEquals(archive.rows("stored_object"), archive.files().size());
            assertEquals(archive.rows("instance"), archive.counts().instances());
            assertEquals(archive.rows("patient"), archive.counts().patients());
            assertEquals(0, archive.rows("study WHERE NOT EXISTS (SELECT FROM series WHERE study_fk = study.id)"));
            assertEquals(0, archive.rows("patient WHERE NOT EXISTS (SELECT FROM study WHERE patient_fk = patient.id)"));
        }
        assertEquals(0, answers.getOrDefault("0110", 0), "a failure inside Dozo");
    }

    private static String send(Archive archive, Path file) throws IOException {
        String sopClass;
        String sopInstance;
        String syntax;
        try (Part10 part10 = Part10.open(file)) {
            sopClass = part10.meta().getString(Tag.MEDIA_STORAGE_SOP_CLASS_UID, "");
            sopInstance = part10.meta().getString(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID, "");
            syntax = part10.syntax().uid();
            InputStream dataSet = part10.dataSet();
            DimseStatus status = archive.store.store(Archive.request(sopClass, sopInstance, syntax), dataSet);
            assertTrue(status.comment().isEmpty() == (status.code() == 0), () -> file + " " + status);
            return "%04X".formatted(status.code());
        } catch (DicomFormatException | DicomLimitException e) {
            return "no DICOM file";
        }
    }
}
