// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.FileMetaInformation;
import org.dozo.shared.Failure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects of STOW-RS against a real database and real volumes. */
class StowServiceIT {

    private static final String ADDRESS = "192.0.2.7";

    @TempDir
    Path volumes;

    private Archive archive;

    @BeforeEach
    void open() throws Exception {
        archive = new Archive(volumes, 2, true);
    }

    @AfterEach
    void close() throws Exception {
        archive.close();
    }

    private static byte[] file(Dataset dataset, String sopClass, String instance, String syntax) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(FileMetaInformation.of(sopClass, instance, syntax).encode());
        file.write(Archive.bytes(dataset));
        return file.toByteArray();
    }

    private static byte[] file(String number) throws IOException {
        return file(Archive.object(number), Archive.CT, "1.2.3." + number, Archive.EXPLICIT);
    }

    private StowResult store(byte[] file, String study) throws IOException {
        return archive.stow.store(new ByteArrayInputStream(file), study, ADDRESS);
    }

    private void assertRefused(Failure failure, byte[] file, String study) throws Exception {
        StowResult result = store(file, study);
        assertEquals(failure, result.failure(), result.comment());
        assertFalse(result.comment().isEmpty());
        archive.assertEmpty();
    }

    @Test
    void aFileIsStoredWithWhereItIsFiled() throws Exception {
        StowResult result = store(file("1"), "");
        assertNull(result.failure());
        assertEquals(new StowResult(Archive.CT, "1.2.3.1", "1.2.1", "1.2.2", null, ""), result);
        assertNull(store(file("2"), "1.2.1").failure());
        assertEquals(2, archive.counts().instances());
        assertEquals(
                2,
                archive.rows("stored_object WHERE source_ae_title = 'STOW-RS' AND source_address = '" + ADDRESS + "'"));
    }

    @Test
    void theSameFileTwiceIsStoredOnceAndSaidToBeStored() throws Exception {
        assertNull(store(file("1"), "").failure());
        assertNull(store(file("1"), "").failure());
        assertEquals(1, archive.rows("stored_object"));
    }

    @Test
    void anObjectOfAnotherStudyIsRefused() throws Exception {
        assertRefused(Failure.DATA_SET_MISMATCH, file("1"), "1.2.99");
    }

    @Test
    void whatIsNoFileOfOursIsRefused() throws Exception {
        assertRefused(Failure.CANNOT_UNDERSTAND, new byte[0], "");
        assertRefused(Failure.CANNOT_UNDERSTAND, "<html>".repeat(100).getBytes(StandardCharsets.US_ASCII), "");
        assertRefused(Failure.CANNOT_UNDERSTAND, Archive.bytes(Archive.object("1")), "");
        byte[] cut = file("1");
        assertRefused(Failure.CANNOT_UNDERSTAND, Arrays.copyOf(cut, cut.length - 100), "");
        Dataset object = Archive.object("1");
        assertRefused(Failure.DATA_SET_MISMATCH, file(object, Archive.CT, "1.2.3.2", Archive.EXPLICIT), "");
        assertRefused(
                Failure.SOP_CLASS_NOT_SUPPORTED, file(object, "1.2.840.10008.1.1", "1.2.3.1", Archive.EXPLICIT), "");
        assertRefused(
                Failure.TRANSFER_SYNTAX_NOT_SUPPORTED,
                file(object, Archive.CT, "1.2.3.1", "1.2.840.10008.1.2.4.94"),
                "");
        assertRefused(Failure.TRANSFER_SYNTAX_NOT_SUPPORTED, file(object, Archive.CT, "1.2.3.1", "1.2.3.4.5"), "");
    }

    @Test
    void aPrivateClassIsTakenIfItIsConfigured() throws Exception {
        Dataset object = Archive.object("1").setString(Tag.SOP_CLASS_UID, VR.UI, "1.2.826.77");
        assertNull(store(file(object, "1.2.826.77", "1.2.3.1", Archive.EXPLICIT), "")
                .failure());
    }

    @Test
    void aRequestThatBreaksOffLeavesNothing() throws Exception {
        InputStream broken = new SequenceInputStream(
                new ByteArrayInputStream(Arrays.copyOf(file("1"), 3000)), new FailingStream(new IOException("gone")));
        assertThrows(IOException.class, () -> archive.stow.store(broken, "", ADDRESS));
        archive.assertEmpty();
    }
}
