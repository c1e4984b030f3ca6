// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.DicomDir;
import org.dozo.dicom.io.FileMetaInformation;

/** Files to be imported, good and hostile. */
final class ImportFiles {

    private ImportFiles() {}

    /** A whole Part 10 file of the object with this number. */
    static byte[] object(String number) {
        return file(Archive.CT, "1.2.3." + number, Archive.object(number));
    }

    static byte[] file(String sopClass, String sopInstance, Dataset dataset) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(
                FileMetaInformation.of(sopClass, sopInstance, Archive.EXPLICIT).encode());
        file.writeBytes(Archive.bytes(dataset));
        return file.toByteArray();
    }

    static Path write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    static Path text(Path file, String text) throws IOException {
        return write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    static Path zip(Path file, Map<String, byte[]> entries) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : new LinkedHashMap<>(entries).entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    /** A DICOMDIR without offsets: its records count all the same. */
    static byte[] dicomDir(String... fileIds) {
        Dataset dataset = new Dataset().setString(Tag.FILE_SET_ID, VR.CS, "TEST");
        for (String fileId : fileIds) {
            dataset.addItem(Tag.DIRECTORY_RECORD_SEQUENCE)
                    .setInts(Tag.RECORD_IN_USE_FLAG, VR.US, 0xFFFF)
                    .setString(Tag.DIRECTORY_RECORD_TYPE, VR.CS, "IMAGE")
                    .setString(Tag.REFERENCED_FILE_ID, VR.CS, fileId.split("\\\\", -1));
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(FileMetaInformation.of(DicomDir.SOP_CLASS_UID, "2.25.1", Archive.EXPLICIT)
                .encode());
        file.writeBytes(DatasetWriter.toBytes(dataset, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        return file.toByteArray();
    }
}
