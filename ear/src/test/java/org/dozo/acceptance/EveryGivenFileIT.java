// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.FileMetaInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every object of the shared data, and some of our own: stored byte for byte, or refused for a reason that is written down. */
@ExtendWith(SharedNode.class)
class EveryGivenFileIT {

    private static final Path REFUSED = DozoNode.CHECKOUT.resolve("docs/conformance/given-files.md");

    @TempDir
    Path temp;

    @Test
    void everyFileIsStoredOrRefusedForAReason(DozoNode node) throws Exception {
        List<Path> files = new ArrayList<>(GivenFiles.below("dicom"));
        files.addAll(GivenFiles.below("series"));
        boolean shared = !files.isEmpty();
        files.add(ownFile("own.dcm", 2000));
        Map<String, Integer> byAnswer = new TreeMap<>();
        Map<String, String> refused = new TreeMap<>();
        for (Path file : files) {
            String answer = send(node, file);
            byAnswer.merge(answer.split(" ", 2)[0], 1, Integer::sum);
            if (!answer.startsWith("0000") && !answer.startsWith("B")) {
                refused.put(GivenFiles.name(file), answer);
            }
        }
        System.out.println(files.size() + " given files by answer: " + byAnswer);
        refused.forEach((file, answer) -> System.out.println("refused: " + file + " | " + answer));
        Checker.check(node)
                .report("everyGivenFile", files.size() + " files", 0, refused.size(), Duration.ZERO, 0)
                .assertClean();
        if (shared) {
            assertEquals(expected(), refused, "the list in " + REFUSED);
        }
    }

    /** DCMTK's dcmsend reads and proposes as many tools do. */
    @Test
    void dcmsendStoresWhatItSends(DozoNode node) throws Exception {
        List<Path> files = new ArrayList<>(GivenFiles.below("series"));
        files = new ArrayList<>(files.subList(0, Math.min(files.size(), 60)));
        files.add(ownFile("mz.dcm", 100));
        List<String> command = new ArrayList<>(List.of("dcmsend", "-aec", "DOZO", "127.0.0.1", "" + node.dicomPort()));
        for (Path file : files) {
            node.sent().attempt(GivenFiles.read(file).sopInstanceUid());
            command.add(file.toString());
        }
        Shell.run(Path.of(""), Map.of(), Duration.ofMinutes(2), command).orFail();
        for (Path file : files) {
            String uid = GivenFiles.read(file).sopInstanceUid();
            assertEquals(1, node.count("SELECT count(*) FROM instance WHERE sop_instance_uid = '" + uid + "'"), uid);
        }
        Checker.check(node)
                .report("dcmsend", files.size() + " files", 0, 0, Duration.ZERO, 0)
                .assertClean();
    }

    /** The status with its comment, or why it could not be sent. */
    static String send(DozoNode node, Path file) throws IOException {
        TestObject object;
        try {
            object = GivenFiles.read(file);
        } catch (IOException e) {
            return "unreadable " + e.getMessage();
        }
        if (object.sopClassUid().isEmpty() || object.sopInstanceUid().isEmpty()) {
            return "unsendable without SOP Class UID or SOP Instance UID";
        }
        ProposedContext context = new ProposedContext(object.sopClassUid(), List.of(object.transferSyntaxUid()));
        try (Sender sender = Sender.open(node, "ACCEPTANCE", List.of(context, Sender.VERIFICATION))) {
            if (sender.accepted(object.sopClassUid()).isEmpty()) {
                return "negotiation %s in %s".formatted(object.sopClassUid(), object.transferSyntaxUid());
            }
            DimseStatus status = sender.store(object);
            return "%04X %s".formatted(status.code(), status.comment()).strip();
        }
    }

    /** A Part 10 file whose preamble is a Windows program's beginning: it must not arrive. */
    private Path ownFile(String name, int pixelBytes) throws IOException {
        String uid = "2.25.77." + Math.floorMod(name.hashCode(), 1_000_000);
        byte[] head =
                FileMetaInformation.of(TestObject.CT, uid, TestObject.EXPLICIT).encode();
        head[0] = 'M';
        head[1] = 'Z';
        byte[] dataSet = TestObject.bytes(TestObject.header(TestObject.CT, "2.25.77", "2.25.77.1", uid)
                .setBytes(Tag.PIXEL_DATA, VR.OW, new byte[pixelBytes]));
        return Files.write(temp.resolve(name), Pdus.join(head, dataSet));
    }

    /** Lines of the form {@code | file | answer | why |}. */
    private static Map<String, String> expected() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        for (String line : Files.readAllLines(REFUSED)) {
            String[] cells = line.split("\\|");
            if (cells.length >= 4 && cells[1].strip().startsWith("`")) {
                expected.put(cells[1].strip().replace("`", ""), cells[2].strip());
            }
        }
        assertTrue(Files.size(REFUSED) > 0);
        return expected;
    }
}
