// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.ProposedContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Malformed and attacking files: as objects over C-STORE, and as bytes thrown at the listener. */
@ExtendWith(SharedNode.class)
class HostileFilesIT {

    private static final int OWN = 60;
    private static final int PDU_HEAD = 6;
    private static final long SEED = 20261122;
    /** Stored; data set does not match the request; cannot be understood. A failure of Dozo's own is none of them. */
    private static final Set<Integer> RIGHT = Set.of(0x0000, 0xA900, 0xC000);

    @TempDir
    Path temp;

    @Test
    void everyHostileObjectIsStoredOrRefused(DozoNode node) throws Exception {
        List<Path> files = files();
        Map<String, Integer> answers = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        try (EchoProbe _ = EchoProbe.start(node)) {
            for (int i = 0; i < files.size(); i++) {
                DimseStatus status = send(node, files.get(i), i);
                answers.merge("%04X".formatted(status.code()), 1, Integer::sum);
                if (!RIGHT.contains(status.code())) {
                    wrong.add(GivenFiles.name(files.get(i)) + " " + status);
                }
            }
        }
        System.out.println(files.size() + " hostile files by answer: " + answers);
        assertEquals(List.of(), wrong);
        assertNothingHeld(node);
        Checker.check(node)
                .report("hostileFiles", "", 0, files.size(), Duration.ZERO, SEED)
                .assertClean();
    }

    @Test
    void hostileBytesAreNoAssociation(DozoNode node) throws Exception {
        List<Path> files = files();
        long rows = node.count("SELECT count(*) FROM stored_object");
        try (EchoProbe _ = EchoProbe.start(node)) {
            for (Path file : files) {
                try (RawPeer peer = new RawPeer(node)) {
                    byte[] bytes = Files.readAllBytes(file);
                    peer.send(bytes);
                    if (bytes.length < PDU_HEAD) {
                        // So little is no fault yet, only the beginning of something.
                        peer.endOutput();
                    }
                    assertTrue(peer.isEndedWithin(Duration.ofSeconds(2)), GivenFiles.name(file));
                }
            }
        }
        assertEquals(rows, node.count("SELECT count(*) FROM stored_object"));
        assertNothingHeld(node);
    }

    static void assertNothingHeld(DozoNode node) throws Exception {
        Await.until("no connection and no open file left", Duration.ofSeconds(20), () -> node.held() == 0);
        Await.until("staging empty", Duration.ofSeconds(20), () -> node.staged() == 0);
        assertTrue(node.isReady());
        assertTrue(node.threads() < 250, node.threads() + " threads");
    }

    private static DimseStatus send(DozoNode node, Path file, int number) throws IOException {
        TestObject object = object(file, "2.25.666." + (number + 1));
        ProposedContext context = new ProposedContext(object.sopClassUid(), List.of(object.transferSyntaxUid()));
        try (Sender sender = Sender.open(node, "HOSTILE", List.of(context, Sender.CT))) {
            if (sender.accepted(object.sopClassUid()).contains(object.transferSyntaxUid())) {
                return sender.store(object);
            }
            return sender.store(
                    new TestObject(TestObject.CT, object.sopInstanceUid(), TestObject.EXPLICIT, object.dataSet()));
        }
    }

    /** As its sender would have it; what can't be read is sent as it is, under UIDs made up. */
    private static TestObject object(Path file, String madeUpUid) throws IOException {
        try {
            TestObject read = GivenFiles.read(file);
            boolean named =
                    !read.sopClassUid().isEmpty() && !read.sopInstanceUid().isEmpty();
            return new TestObject(
                    named ? read.sopClassUid() : TestObject.CT,
                    named ? read.sopInstanceUid() : madeUpUid,
                    read.transferSyntaxUid(),
                    read.dataSet());
        } catch (IOException e) {
            return new TestObject(
                    TestObject.CT,
                    madeUpUid,
                    TestObject.EXPLICIT,
                    () -> new ByteArrayInputStream(Files.readAllBytes(file)));
        }
    }

    /** The shared ones, and good objects with some bytes changed, cut out or put in. */
    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>(GivenFiles.below("hostile"));
        Random random = new Random(SEED);
        for (int i = 0; i < OWN; i++) {
            String uid = "2.25.667." + (i + 1);
            byte[] bytes = TestObject.bytes(TestObject.header(TestObject.CT, "2.25.667", "2.25.667.0", uid));
            for (int change = random.nextInt(1, 5); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            byte[] cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length / 2, bytes.length + 1));
            files.add(Files.write(temp.resolve("mutated" + i + ".dcm"), cut));
        }
        return files;
    }
}
