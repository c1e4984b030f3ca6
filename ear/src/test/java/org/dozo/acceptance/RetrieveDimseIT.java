// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.ProposedContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Everything that was stored comes back bit for bit, by C-MOVE and C-GET, to DCMTK's own programs. */
@ExtendWith(SharedNode.class)
class RetrieveDimseIT {

    private static final int STUDIES_A_REQUEST = 40;

    @TempDir
    Path temp;

    /** What the storescp of DCMTK 3.6 does not know: retired JPEG, JPEG XL, HTJ2K, deflated frames. */
    private static final Set<String> BEYOND_DCMTK = Set.of(
            "1.2.840.10008.1.2.4.53",
            "1.2.840.10008.1.2.4.55",
            "1.2.840.10008.1.2.4.57",
            "1.2.840.10008.1.2.4.110",
            "1.2.840.10008.1.2.4.111",
            "1.2.840.10008.1.2.4.112",
            "1.2.840.10008.1.2.4.201",
            "1.2.840.10008.1.2.4.202",
            "1.2.840.10008.1.2.4.203",
            "1.2.840.10008.1.2.8.1");

    /** What the archive knows of an instance. */
    private record Kept(String study, String syntax, String sha256, boolean even) {

        /** A data set of odd length is none that PS3.8 can carry, and storescp ends the association. */
        boolean isForDcmtk() {
            return even && !BEYOND_DCMTK.contains(syntax);
        }
    }

    /** The archive compares digests itself: what came back otherwise than it was kept would be kept a second time. */
    @Test
    void everythingComesBackAsItWasToAnArchiveThatTakesEverything(DozoNode node) throws Exception {
        stock(node);
        node.dozo("peer", "add", "DOZO", "127.0.0.1", "" + node.dicomPort(), "--allow", "store")
                .orFail();
        Map<String, Kept> kept = kept(node);
        long objects = node.count("SELECT count(*) FROM stored_object");
        List<String> studies = List.copyOf(
                new HashSet<>(kept.values().stream().map(Kept::study).toList()));
        for (int from = 0; from < studies.size(); from += STUDIES_A_REQUEST) {
            List<String> some = studies.subList(from, Math.min(studies.size(), from + STUDIES_A_REQUEST));
            movescu(node, "DOZO", String.join("\\", some));
        }
        long taken = node.log()
                .lines()
                .filter(line -> line.contains("to DOZO ended with "))
                .mapToLong(line -> Long.parseLong(line.replaceFirst(".*ended with 0000: ([0-9]+) sent.*", "$1")))
                .sum();
        assertEquals(kept.size(), taken);
        assertEquals(objects, node.count("SELECT count(*) FROM stored_object"));
    }

    @Test
    void everythingStoredComesBackBitForBitByMove(DozoNode node) throws Exception {
        int stored = stock(node);
        try (StoreScp destination = StoreScp.start(temp.resolve("all"))) {
            add(node, "MOVEALL", destination);
            Map<String, Kept> kept = kept(node);
            List<String> studies = List.copyOf(
                    new HashSet<>(kept.values().stream().map(Kept::study).toList()));
            for (int from = 0; from < studies.size(); from += STUDIES_A_REQUEST) {
                List<String> some = studies.subList(from, Math.min(studies.size(), from + STUDIES_A_REQUEST));
                movescu(node, "MOVEALL", String.join("\\", some));
            }
            Map<String, String> came = destination.digests();
            Map<String, String> wrong = new TreeMap<>();
            kept.forEach((uid, each) -> {
                String sha256 = came.get(uid);
                if (each.isForDcmtk() && !each.sha256().equals(sha256)) {
                    wrong.put(uid, each.syntax() + (sha256 == null ? " did not come" : " has other bytes"));
                }
            });
            System.out.println("C-MOVE: " + stored + " files stored now, " + kept.size() + " instances kept, "
                    + came.size() + " came back, wrong: " + wrong);
            String told =
                    node.log().lines().filter(line -> line.contains("MOVEALL")).collect(Collectors.joining("\n"));
            assertEquals(Map.of(), wrong, told);
        }
    }

    @Test
    void getscuReceivesWhatItTakes(DozoNode node) throws Exception {
        storeStudy(node, "2.25.881", 5);
        Path directory = java.nio.file.Files.createDirectory(temp.resolve("get"));
        run(
                        "getscu",
                        "-v",
                        "+B",
                        "-aet",
                        "VIEWER",
                        "-aec",
                        "DOZO",
                        "-S",
                        "-od",
                        directory.toString(),
                        "-k",
                        "0008,0052=STUDY",
                        "-k",
                        "0020,000d=2.25.881",
                        "127.0.0.1",
                        "" + node.dicomPort())
                .orFail();
        Map<String, String> expected = new HashMap<>();
        kept(node).forEach((uid, each) -> {
            if (each.study().equals("2.25.881")) {
                expected.put(uid, each.sha256());
            }
        });
        assertEquals(5, expected.size());
        assertEquals(expected, StoreScp.digests(directory));
    }

    @Test
    void nobodyButAKnownPeerIsADestination(DozoNode node) throws Exception {
        storeStudy(node, "2.25.882", 1);
        Shell.Result result = movescu(node, "STRANGER", "2.25.882");
        assertTrue(result.output().toLowerCase(java.util.Locale.ROOT).contains("destination"), result.output());
        assertTrue(log(node, "from VIEWER refused with UNKNOWN_DESTINATION (A801)"), node.logTail());
    }

    @Test
    void aWrongIdentifierIsRefusedAndTheAssociationLives(DozoNode node) throws Exception {
        Shell.Result result = run(
                "movescu",
                "-v",
                "-aet",
                "VIEWER",
                "-aec",
                "DOZO",
                "-aem",
                "ANY",
                "-S",
                "-k",
                "0008,0052=SERIES",
                "-k",
                "0020,000e=1.2.3",
                "127.0.0.1",
                "" + node.dicomPort());
        assertTrue(result.output().contains("DataSetDoesNotMatchSOPClass"), result.output());
        assertTrue(result.output().contains("Releasing Association"), result.output());
    }

    @Test
    void aDestinationThatAbortsIsGivenUpWhileAnotherGetsEverything(DozoNode node) throws Exception {
        storeStudy(node, "2.25.883", 6);
        try (StoreScp aborting = StoreScp.start(temp.resolve("aborting"), "--abort-after");
                StoreScp sound = StoreScp.start(temp.resolve("sound"))) {
            add(node, "ABORTING", aborting);
            add(node, "SOUND", sound);
            movescu(node, "ABORTING", "2.25.883");
            movescu(node, "SOUND", "2.25.883");
            assertEquals(6, sound.digests().size());
            assertTrue(log(node, "to ABORTING: the association with ABORTING failed"), node.logTail());
            assertTrue(log(node, "to ABORTING ended with A702: 0 sent"), node.logTail());
            assertTrue(log(node, "to SOUND ended with 0000: 6 sent"), node.logTail());
        }
    }

    @Test
    void aDeadDestinationIsFailedAtOnceAndThenLeftAlone(DozoNode node) throws Exception {
        storeStudy(node, "2.25.884", 2);
        StoreScp dead = StoreScp.start(temp.resolve("dead"));
        dead.close();
        add(node, "DEAD", dead);
        long start = System.nanoTime();
        for (int i = 0; i < 4; i++) {
            movescu(node, "DEAD", "2.25.884");
        }
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(30), "a refused connection takes no time");
        assertTrue(log(node, "DOZO-ACC-002 The destination DEAD"), node.logTail());
        assertTrue(log(node, "to DEAD ended with A702: 0 sent (0 bytes), 0 with a warning, 2 failed"), node.logTail());
    }

    @Test
    void aSlowDestinationCanBeCancelled(DozoNode node) throws Exception {
        storeStudy(node, "2.25.885", 30);
        try (StoreScp slow = StoreScp.start(temp.resolve("slow"), "--sleep-after", "1")) {
            add(node, "SLOW", slow);
            Shell.Result result = run(
                    "movescu",
                    "-d",
                    "--cancel",
                    "2",
                    "-aet",
                    "VIEWER",
                    "-aec",
                    "DOZO",
                    "-aem",
                    "SLOW",
                    "-S",
                    "-k",
                    "0008,0052=STUDY",
                    "-k",
                    "0020,000d=2.25.885",
                    "127.0.0.1",
                    "" + node.dicomPort());
            Await.until(
                    "the C-MOVE ends cancelled", Duration.ofSeconds(30), () -> log(node, "to SLOW ended with FE00"));
            assertFalse(result.output().isEmpty());
            assertTrue(slow.digests().size() < 30, slow.digests().size() + " came");
        }
    }

    private static boolean log(DozoNode node, String text) throws Exception {
        return node.log().contains(text);
    }

    private static void add(DozoNode node, String title, StoreScp destination) throws Exception {
        node.dozo("peer", "add", title, "127.0.0.1", "" + destination.port()).orFail();
    }

    private static Shell.Result movescu(DozoNode node, String destination, String studies) throws Exception {
        return run(
                "movescu",
                "-v",
                "-aet",
                "VIEWER",
                "-aec",
                "DOZO",
                "-aem",
                destination,
                "-S",
                "-k",
                "0008,0052=STUDY",
                "-k",
                "0020,000d=" + studies,
                "127.0.0.1",
                "" + node.dicomPort());
    }

    private static Shell.Result run(String... command) throws Exception {
        return Shell.run(Path.of(""), Map.of(), Duration.ofMinutes(5), List.of(command));
    }

    private static void storeStudy(DozoNode node, String study, int objects) throws Exception {
        try (Sender sender = Sender.open(node)) {
            for (int i = 1; i <= objects; i++) {
                DimseStatus status = sender.store(TestObject.ct(study, study + ".1", study + ".1." + i, 20_000 + i));
                assertEquals(0, status.code(), status.toString());
            }
        }
    }

    /** Stores all shared files that the archive takes, and some of our own; as many as were taken. */
    private static int stock(DozoNode node) throws Exception {
        storeStudy(node, "2.25.880", 10);
        List<Path> files = new ArrayList<>(GivenFiles.below("dicom"));
        files.addAll(GivenFiles.below("series"));
        int taken = 10;
        for (Path file : files) {
            taken += send(node, file) ? 1 : 0;
        }
        return taken;
    }

    private static boolean send(DozoNode node, Path file) throws Exception {
        TestObject object;
        try {
            object = GivenFiles.read(file);
        } catch (java.io.IOException e) {
            return false;
        }
        if (object.sopClassUid().isEmpty() || object.sopInstanceUid().isEmpty()) {
            return false;
        }
        ProposedContext context = new ProposedContext(object.sopClassUid(), List.of(object.transferSyntaxUid()));
        try (Sender sender = Sender.open(node, "ACCEPTANCE", List.of(context, Sender.VERIFICATION))) {
            return !sender.accepted(object.sopClassUid()).isEmpty()
                    && sender.store(object).isDone();
        }
    }

    private static Map<String, Kept> kept(DozoNode node) throws Exception {
        Map<String, Kept> kept = new HashMap<>();
        try (Connection connection = node.database();
                ResultSet row = connection.createStatement().executeQuery("""
                        SELECT i.sop_instance_uid, st.study_instance_uid, o.transfer_syntax_uid,
                            encode(o.data_set_sha256, 'hex'), o.data_set_length % 2 = 0
                        FROM instance i JOIN stored_object o ON o.instance_fk = i.id AND o.state = 'CURRENT'
                        JOIN series s ON s.id = i.series_fk JOIN study st ON st.id = s.study_fk""")) {
            while (row.next()) {
                kept.put(
                        row.getString(1),
                        new Kept(row.getString(2), row.getString(3), row.getString(4), row.getBoolean(5)));
            }
        }
        return kept;
    }
}
