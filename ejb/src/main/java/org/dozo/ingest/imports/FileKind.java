// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.dozo.dicom.io.DicomDir;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.FileMetaInformation;
import org.dozo.dicom.io.Part10;

/** What a file says at its start that it is. "DICM" wins over "PK": a DICOM file may have any preamble. */
enum FileKind {
    /** A DICOM file with preamble and prefix, PS3.10 §7.1. */
    DICOM,
    ZIP,
    /** A DICOM file without prefix, or something else. */
    OTHER;

    /** Bytes that tell: preamble and prefix. */
    static final int BYTES = 132;

    private static final byte[] PREFIX = "DICM".getBytes(StandardCharsets.US_ASCII);

    static FileKind of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return of(in.readNBytes(BYTES));
        }
    }

    /** @param start the first {@value #BYTES} bytes, or all there are */
    static FileKind of(byte[] start) {
        if (start.length == BYTES && Arrays.equals(start, 128, BYTES, PREFIX, 0, 4)) {
            return DICOM;
        }
        boolean zip = start.length >= 4 && start[0] == 'P' && start[1] == 'K' && (isLocal(start) || isEmpty(start));
        return zip ? ZIP : OTHER;
    }

    private static boolean isLocal(byte[] start) {
        return start[2] == 3 && start[3] == 4;
    }

    private static boolean isEmpty(byte[] start) {
        return start[2] == 5 && start[3] == 6;
    }

    /** Whether it is the directory of a file-set, PS3.10 §8.6. */
    static boolean isDicomDir(Path file) throws IOException {
        try (Part10 part10 = Part10.open(file)) {
            return isDicomDir(part10);
        } catch (DicomFormatException e) {
            return false;
        }
    }

    static boolean isDicomDir(Part10 file) {
        return FileMetaInformation.from(file.meta()).mediaStorageSopClassUid().equals(DicomDir.SOP_CLASS_UID);
    }
}
