// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Priority;
import org.dozo.dicom.RetrieveResult;
import org.dozo.dicom.StoreOperation;
import org.dozo.dicom.SubOperations;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.FileMetaInformation;
import org.dozo.dicom.io.Part10;
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
        fixture = ListenerFixture.retrieving();
    }

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    private void run(String tool, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(tool, "-aec", "DOZO", "127.0.0.1", "" + fixture.port()));
        command.addAll(List.of(arguments));
        run(command);
    }

    /** What it printed. */
    private String query(String tool, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(tool, "-v", "-S", "-aec", "DOZO"));
        command.addAll(List.of(options));
        command.addAll(List.of("-k", "0008,0052=STUDY", "-k", "0020,000D=1.2.3", "127.0.0.1", "" + fixture.port()));
        return run(command);
    }

    private String run(List<String> command) throws Exception {
        String tool = command.getFirst();
        assumeTrue(Files.isExecutable(Path.of("/usr/bin", tool)), tool + " is not installed");
        Path output = folder.resolve(tool + ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), tool + " hangs");
        assertEquals(0, process.exitValue(), () -> read(output));
        return read(output);
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
            String uid = uid(i);
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
            assertArrayEquals(Arrays.copyOfRange(file, file.length - sent.length, file.length), sent);
        }
        assertEquals(0, fixture.statistics.getAbortedAssociations());
    }

    @Test
    void dcmsendStoresEveryObject() throws Exception {
        run("dcmsend", objects(10));
        assertEquals(10, fixture.archive.stored.size());
    }

    private static Dataset match(int number) {
        Dataset match = new Dataset();
        match.setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, "STUDY");
        match.setString(Tag.PATIENT_ID, VR.LO, "ID-" + number);
        match.setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.2.3");
        return match;
    }

    @Test
    void findscuShowsEveryMatch() throws Exception {
        fixture.archive.finding = (request, matches) -> {
            assertEquals("1.2.3", request.identifier().getString(Tag.STUDY_INSTANCE_UID));
            for (int i = 0; i < 200; i++) {
                matches.add(match(i));
            }
            return DimseStatus.SUCCESS;
        };
        String printed = query("findscu");
        assertTrue(printed.contains("ID-0") && printed.contains("ID-199"), printed);
        assertEquals(Map.of("0000", 1L), fixture.statistics.getFindResponses());
        assertEquals(0, fixture.statistics.getAbortedAssociations());
    }

    @Test
    void findscuCancels() throws Exception {
        AtomicInteger found = new AtomicInteger();
        fixture.archive.finding = (request, matches) -> {
            while (found.get() < 1_000_000 && !matches.isCancelled()) {
                matches.add(match(found.getAndIncrement()));
            }
            return new DimseStatus(0xFE00, "");
        };
        query("findscu", "--cancel", "5");
        assertEquals(Map.of("FE00", 1L), fixture.statistics.getFindResponses());
        assertTrue(found.get() < 1_000_000);
    }

    @Test
    void movescuMoves() throws Exception {
        fixture.archive.moving = (request, progress) -> {
            assertEquals("THERE", request.moveDestination());
            for (int i = 1; i <= 10; i++) {
                progress.pending(new SubOperations(10 - i, i, 0, 0));
            }
            return new RetrieveResult(DimseStatus.SUCCESS, new SubOperations(0, 10, 0, 0), List.of());
        };
        String printed = query("movescu", "-aem", "THERE");
        assertTrue(printed.contains("Success"), printed);
        assertEquals(Map.of("0000", 1L), fixture.statistics.getMoveResponses());
    }

    @Test
    void getscuReceivesEveryObjectAsItIs() throws Exception {
        String[] files = objects(10);
        fixture.archive.getting = (request, progress, requestor) -> {
            assertEquals(
                    Set.of(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid()),
                    requestor.acceptedTransferSyntaxUids(Pdus.CT));
            int completed = 0;
            for (String file : files) {
                byte[] dataSet = dataSet(file);
                DimseStatus status = requestor.store(
                        new StoreOperation(Pdus.CT, uid(completed), Pdus.EXPLICIT, Priority.MEDIUM),
                        new ByteArrayInputStream(dataSet));
                assertEquals(DimseStatus.SUCCESS, status);
                completed++;
                progress.pending(new SubOperations(files.length - completed, completed, 0, 0));
            }
            return new RetrieveResult(DimseStatus.SUCCESS, new SubOperations(0, completed, 0, 0), List.of());
        };
        Path received = Files.createDirectory(folder.resolve("received"));
        query("getscu", "+B", "-od", received.toString());
        Map<String, byte[]> byUid = new HashMap<>();
        try (Stream<Path> paths = Files.list(received)) {
            for (Path path : paths.toList()) {
                try (Part10 part10 = Part10.open(path)) {
                    byUid.put(
                            part10.meta().getString(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID, ""),
                            part10.dataSet().readAllBytes());
                }
            }
        }
        assertEquals(files.length, byUid.size(), byUid.keySet()::toString);
        for (int i = 0; i < files.length; i++) {
            assertArrayEquals(dataSet(files[i]), byUid.get(uid(i)));
        }
        assertEquals(Map.of("0000", 1L), fixture.statistics.getGetResponses());
        assertEquals(0, fixture.statistics.getAbortedAssociations());
    }

    private static String uid(int number) {
        return "1.2.826.0.1.3680043.9.9999." + (number + 1);
    }

    private static byte[] dataSet(String file) throws IOException {
        try (Part10 part10 = Part10.open(Path.of(file))) {
            return part10.dataSet().readAllBytes();
        }
    }
}
