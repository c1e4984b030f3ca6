// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.FileMetaInformation;
import org.dozo.dicom.net.Pdus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference implementation as peer, where it is installed (Debian's dcmtk). */
class DcmtkTest {

    @TempDir
    Path folder;

    private ListenerFixture fixture;

    @BeforeEach
    void listen() throws Exception {
        fixture = ListenerFixture.with();
    }

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    private void run(String tool, String... arguments) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin", tool)), tool + " is not installed");
        List<String> command = new ArrayList<>(List.of(tool, "-aec", "DOZO", "127.0.0.1", "" + fixture.port()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve(tool + ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), tool + " hangs");
        assertEquals(0, process.exitValue(), () -> read(output));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String[] objects(int count) throws IOException {
        String[] files = new String[count];
        for (int i = 0; i < count; i++) {
            String uid = "1.2.826.0.1.3680043.9.9999." + (i + 1);
            Dataset dataset = new Dataset();
            dataset.setString(Tag.SOP_CLASS_UID, VR.UI, Pdus.CT);
            dataset.setString(Tag.SOP_INSTANCE_UID, VR.UI, uid);
            dataset.setString(Tag.PATIENT_ID, VR.LO, "P" + i);
            dataset.setBytes(Tag.PIXEL_DATA, VR.OW, new byte[300_000 + 2 * i]);
            Path file = folder.resolve(i + ".dcm");
            try (OutputStream out = Files.newOutputStream(file)) {
                out.write(new FileMetaInformation(
                                Pdus.CT, uid, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(), "TEST", "TEST", "DOZO")
                        .encode());
                out.write(DatasetWriter.toBytes(dataset, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
            }
            files[i] = file.toString();
        }
        return files;
    }

    @Test
    void echoscuIsAnswered() throws Exception {
        run("echoscu");
        assertEquals(0, fixture.statistics.getAbortedAssociations());
    }

    @Test
    void storescuStoresEveryObjectAsItIs() throws Exception {
        run("storescu", objects(10));
        assertEquals(10, fixture.archive.stored.size());
        for (FakeEndpoints.Stored stored : fixture.archive.stored) {
            byte[] file = Files.readAllBytes(folder.resolve(
                    (Integer.parseInt(stored.request().affectedSopInstanceUid().replaceAll(".*\\.", "")) - 1)
                            + ".dcm"));
            byte[] sent = stored.dataSet();
            org.junit.jupiter.api.Assertions.assertArrayEquals(
                    java.util.Arrays.copyOfRange(file, file.length - sent.length, file.length), sent);
        }
        assertEquals(0, fixture.statistics.getAbortedAssociations());
    }

    @Test
    void dcmsendStoresEveryObject() throws Exception {
        run("dcmsend", objects(10));
        assertEquals(10, fixture.archive.stored.size());
    }
}
