// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import static org.dozo.forward.ForwardingArchive.uid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.dozo.access.DestinationKind;
import org.dozo.access.NamedDestination;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetReader;
import org.dozo.dicom.io.Part10;
import org.dozo.forward.rules.Coercion;
import org.dozo.forward.rules.Condition;
import org.dozo.forward.rules.Handling;
import org.dozo.forward.rules.PrefetchRule;
import org.dozo.forward.rules.PriorsWanted;
import org.dozo.forward.rules.RuleBook;
import org.dozo.forward.rules.RuleSection;
import org.dozo.forward.rules.Trigger;
import org.dozo.index.DuplicatePolicy;
import org.dozo.jobs.JobRunner;
import org.dozo.sending.FakeDestination;
import org.dozo.sending.FakeDicomWeb;
import org.dozo.sending.Inspection;
import org.dozo.sending.Sent;
import org.dozo.settings.ConfigurationFile;
import org.dozo.settings.DestinationSection;
import org.dozo.shared.Await;
import org.dozo.shared.Bytes;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.Notices;
import org.dozo.shared.SqlWork;
import org.dozo.storage.Sha256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Destinations that are no peers: their records, and what is brought to folders and by STOW-RS, with real jobs. */
@Timeout(180)
class OtherDestinationsIT {

    private static final String STUDY = "1.2.7";
    private static final String MARKER = "dozo-destination";

    @TempDir
    private Path directory;

    @TempDir
    private Path elsewhere;

    private ForwardingArchive archive;
    private JobRunner node;

    @BeforeEach
    void open() throws Exception {
        archive = new ForwardingArchive(directory, DuplicatePolicy.KEEP_FIRST);
        node = archive.node("node1");
        node.start();
    }

    @AfterEach
    void close() {
        node.stop();
        archive.close();
    }

    private Path folder(String name) throws Exception {
        Path folder = Files.createDirectories(elsewhere.resolve(name));
        Files.createFile(folder.resolve(MARKER));
        archive.others.put(new NamedDestination(name, DestinationKind.FOLDER, folder.toString(), "", ""));
        return folder;
    }

    private void stow(String name, FakeDicomWeb service) throws SQLException {
        archive.others.put(new NamedDestination(name, DestinationKind.STOW, service.address(), "", ""));
    }

    private void rule(String... to) throws SQLException {
        archive.rule("all", Trigger.INSTANCE, "modality = CT", 5, to);
    }

    private void await(DeliveryState state, String study, String destination) throws Exception {
        try {
            Await.until(
                    study + " to " + destination + " is " + state,
                    Duration.ofSeconds(60),
                    () -> archive.is(state, study, destination));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + archive.find(study, destination), e);
        }
    }

    private void awaitError(String what, String destination, String words) throws Exception {
        Await.until(
                what,
                Duration.ofSeconds(60),
                () -> archive.delivery(STUDY, destination).error().contains(words));
    }

    /** What was put off, too. */
    private void tryNow() throws SQLException {
        archive.test.execute("UPDATE job SET due_at = now() WHERE kind = 'forward' AND state = 'WAITING'");
    }

    private Optional<Proof> proof(String destination) throws SQLException {
        return archive.delivery(STUDY, destination).proof();
    }

    /** What the archive has, by SOP Instance UID: the digests of the data sets as they were received. */
    private Map<String, String> kept() throws SQLException {
        Map<String, String> kept = new TreeMap<>();
        archive.database.read(connection -> {
            try (var statement = connection.prepareStatement("""
                    SELECT instance.sop_instance_uid, encode(object.data_set_sha256, 'hex') FROM stored_object AS object
                    JOIN instance ON instance.id = object.instance_fk""");
                    var row = statement.executeQuery()) {
                while (row.next()) {
                    kept.put(row.getString(1), row.getString(2));
                }
            }
            return true;
        });
        return kept;
    }

    /** The digests of the data sets of all files, by SOP Instance UID; each in its place. */
    private static Map<String, String> files(Path folder) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.getFileName().toString().equals(MARKER)) {
                    continue;
                }
                MessageDigest digest = Sha256.start();
                try (Part10 part10 = Part10.open(file);
                        InputStream dataSet = new DigestInputStream(part10.dataSet(), digest)) {
                    dataSet.transferTo(java.io.OutputStream.nullOutputStream());
                    String uid = part10.meta().getString(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID, "");
                    assertEquals(
                            STUDY + "/" + STUDY + ".1/" + uid + ".dcm",
                            folder.relativize(file).toString());
                    digests.put(uid, HexFormat.of().formatHex(digest.digest()));
                }
            }
        }
        return digests;
    }

    private static Path file(Path folder, int number) {
        return folder.resolve(STUDY).resolve(STUDY + ".1").resolve(uid(STUDY, number) + ".dcm");
    }

    // --- records

    @Test
    void aNameIsThatOfAPeerOrOfAnotherDestination() throws Exception {
        archive.destination("PEER");
        folder("NAS");
        FailureException taken = assertThrows(
                FailureException.class,
                () -> archive.others.put(new NamedDestination("PEER", DestinationKind.FOLDER, "/nas", "", "")));
        assertEquals(Failure.CONFLICT, taken.failure());
        assertTrue(String.valueOf(taken.getMessage()).contains("There is a peer PEER already"), taken.getMessage());
        FailureException other = assertThrows(FailureException.class, () -> archive.destination("NAS"));
        assertEquals(Failure.CONFLICT, other.failure());
        assertTrue(
                String.valueOf(other.getMessage()).contains("There is a destination NAS already"), other.getMessage());
        assertTrue(archive.peers.delete("PEER"));
        archive.others.put(new NamedDestination("PEER", DestinationKind.FOLDER, "/nas", "", ""));
        assertTrue(archive.others.delete("PEER"));
        archive.destination("PEER");
    }

    @Test
    void aDestinationThatARuleNamesIsNotRemoved() throws Exception {
        folder("NAS");
        rule("NAS");
        FailureException refused = assertThrows(FailureException.class, () -> archive.others.delete("NAS"));
        assertEquals(Failure.CONFLICT, refused.failure());
        assertTrue(String.valueOf(refused.getMessage()).contains("prefetch rule"), refused.getMessage());
        assertThrows(FailureException.class, () -> rule("NAS", "NOWHERE"));
        archive.destination("PEER");
        rule("PEER");
        archive.prefetchRules.put(new PrefetchRule(
                "priors", Condition.parse("all"), new PriorsWanted(List.of(), false, 0, 1), List.of("NAS"), 5, true));
        assertThrows(FailureException.class, () -> archive.others.delete("NAS"));
        archive.prefetchRules.delete("priors");
        assertTrue(archive.others.delete("NAS"));
        assertFalse(archive.others.delete("NAS"));
    }

    @Test
    void theConfigurationFileHasThemAndRulesNameThem() throws Exception {
        ConfigurationFile file = new ConfigurationFile(
                archive.database,
                archive.peers,
                List.of(new RuleSection(new RuleBook(archive.database, Notices.NONE)), new DestinationSection()));
        folder("NAS");
        archive.others.put(
                new NamedDestination("CLOUD", DestinationKind.STOW, "https://pacs.example/dicom-web", "cloud", "外"));
        archive.destination("PEER");
        rule("PEER", "NAS", "CLOUD");
        String exported = file.export();
        assertTrue(file.compare(exported).isEmpty(), exported);
        // A file that does not have the section leaves it alone, and its rules may name what is there.
        String without = """
                version: 1
                peers: []
                rules:
                  - {name: all, condition: all, destinations: [NAS]}
                """;
        file.apply(without);
        assertEquals(2, archive.others.list().size());
        // What goes away may be named until the rules are replaced.
        file.apply(without.replace("[NAS]", "[CLOUD]")
                + "destinations:\n  - {name: CLOUD, kind: stow, address: 'http://other.example/'}\n");
        assertEquals(
                List.of(new NamedDestination("CLOUD", DestinationKind.STOW, "http://other.example", "", "")),
                archive.others.list());
        file.apply(exported);
        assertTrue(file.compare(exported).isEmpty());
        String twice = without + "destinations:\n  - {name: P, kind: folder, address: /p}\n";
        FailureException refused = assertThrows(
                FailureException.class,
                () -> file.compare(twice.replace("peers: []", "peers: [{aeTitle: P, host: h, port: 104}]")));
        assertTrue(String.valueOf(refused.getMessage()).contains("P has the name of another record"));
    }

    // --- folders

    @Test
    void aFolderGetsEveryObjectBitForBitAndItIsComparedAgain() throws Exception {
        Path nas = folder("NAS");
        rule("NAS");
        archive.store(STUDY, 1, 30);
        await(DeliveryState.VERIFIED, STUDY, "NAS");
        assertEquals(Optional.of(Proof.COMPARED), proof("NAS"));
        assertEquals(30, archive.delivery(STUDY, "NAS").sent());
        assertEquals(kept(), files(nas), "FWD_LOST");
    }

    @Test
    void aFileThatIsThereIsNotWrittenAgainAndAnotherIsNeverOverwritten() throws Exception {
        Path nas = folder("NAS");
        rule("NAS");
        archive.store(STUDY, 1, 1);
        await(DeliveryState.VERIFIED, STUDY, "NAS");
        FileTime written = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        Files.setLastModifiedTime(file(nas, 1), written);
        Files.write(file(nas, 2), new byte[] {1, 2, 3});
        archive.store(STUDY, 2, 3);
        archive.service.request(STUDY, "NAS", 5, true);
        await(DeliveryState.FAILED, STUDY, "NAS");
        assertEquals(written, Files.getLastModifiedTime(file(nas, 1)), "it was there and is right");
        assertEquals(3, Files.size(file(nas, 2)));
        Delivery delivery = archive.delivery(STUDY, "NAS");
        assertEquals(2, delivery.sent());
        assertTrue(delivery.error().contains("not overwritten"), delivery.error());
        Files.delete(file(nas, 2));
        archive.service.retry(STUDY, "NAS");
        await(DeliveryState.VERIFIED, STUDY, "NAS");
        assertEquals(kept(), files(nas));
    }

    /** A mount point without its NAS is an empty directory, in which nothing is safe. */
    @Test
    void aFolderThatIsNotMountedGetsNothingAndAllOnceItIs() throws Exception {
        Path nas = folder("NAS");
        Files.delete(nas.resolve(MARKER));
        rule("NAS");
        archive.store(STUDY, 1, 5);
        Await.until(
                "it says why",
                Duration.ofSeconds(60),
                () -> archive.find(STUDY, "NAS")
                        .filter(each -> each.error().contains("has no file " + MARKER))
                        .isPresent());
        assertEquals(Map.of(), files(nas));
        assertEquals(0, archive.test.number("SELECT count(*) FROM delivery_item WHERE attempts > 0"));
        Files.createFile(nas.resolve(MARKER));
        await(DeliveryState.VERIFIED, STUDY, "NAS");
        assertEquals(kept(), files(nas));
    }

    @Test
    void aFileThatIsDamagedLaterIsNotCalledTheSame() throws Exception {
        Path nas = folder("NAS");
        rule("NAS");
        archive.store(STUDY, 1, 3);
        await(DeliveryState.VERIFIED, STUDY, "NAS");
        byte[] bytes = Files.readAllBytes(file(nas, 2));
        bytes[bytes.length - 1] ^= 1;
        Files.write(file(nas, 2), bytes, StandardOpenOption.TRUNCATE_EXISTING);
        Files.delete(file(nas, 3));
        Set<String> all = Set.of(uid(STUDY, 1), uid(STUDY, 2), uid(STUDY, 3));
        Inspection inspection = archive.carriers()
                .inspector("NAS")
                .orElseThrow()
                .inspect(new Sent(STUDY, Map.of(STUDY + ".1", all), recorded()), () -> false)
                .orElseThrow();
        assertEquals(Inspection.Depth.DIGESTS, inspection.depth());
        assertEquals(Set.of(uid(STUDY, 2), uid(STUDY, 3)), inspection.missing());
    }

    /** A name may have been a peer's when the objects went there. */
    @Test
    void whatIsThereButWasNotBroughtAsAFileIsNotCalledCompared() throws Exception {
        Path nas = folder("NAS");
        rule("NAS");
        archive.store(STUDY, 1, 1);
        await(DeliveryState.VERIFIED, STUDY, "NAS");
        assertEquals(kept(), files(nas));
        Inspection inspection = archive.carriers()
                .inspector("NAS")
                .orElseThrow()
                .inspect(new Sent(STUDY, Map.of(STUDY + ".1", Set.of(uid(STUDY, 1))), Map.of()), () -> false)
                .orElseThrow();
        assertEquals(Set.of(uid(STUDY, 1)), inspection.missing());
    }

    /** By SOP Instance UID, of the files as they were brought. */
    private Map<String, Bytes> recorded() throws SQLException {
        Map<String, Bytes> recorded = new TreeMap<>();
        archive.database.read(connection -> {
            try (var statement = connection.prepareStatement("""
                    SELECT instance.sop_instance_uid, item.file_sha256 FROM delivery_item AS item
                    JOIN instance ON instance.id = item.instance_fk""");
                    var row = statement.executeQuery()) {
                while (row.next()) {
                    recorded.put(row.getString(1), Bytes.of(row.getBytes(2)));
                }
            }
            return true;
        });
        return recorded;
    }

    // --- a rule's options

    /** What is compressed can't be converted and goes in its own syntax; what is kept is the same as before. */
    @Test
    void aRulesCoercionAndSyntaxesCountForFoldersAndStow() throws Exception {
        Path nas = folder("NAS");
        TransferSyntax implicit = TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN;
        TransferSyntax jpeg = TransferSyntaxes.of("1.2.840.10008.1.2.4.70");
        Handling handling = new Handling(
                Optional.empty(), Coercion.parse(Map.of("patientName", "Doe^Jane")), List.of(implicit.uid()));
        try (FakeDicomWeb service = new FakeDicomWeb()) {
            stow("CLOUD", service);
            archive.rule("out", Trigger.STUDY, "modality = CT", 5, handling, "NAS", "CLOUD");
            Dataset plain = ForwardingArchive.object(STUDY, 1);
            Dataset compressed = ForwardingArchive.object(STUDY, 2)
                    .set(Element.ofFragments(Tag.PIXEL_DATA, VR.OB, List.of(new byte[0], new byte[] {1, 2, 3, 4})));
            archive.store("CT1", plain, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
            archive.store("CT1", compressed, jpeg);
            await(DeliveryState.VERIFIED, STUDY, "NAS");
            await(DeliveryState.VERIFIED, STUDY, "CLOUD");
            assertEquals(Optional.of(Proof.COMPARED), proof("NAS"));
            plain.setString(Tag.PATIENT_NAME, VR.PN, "Doe^Jane");
            compressed.setString(Tag.PATIENT_NAME, VR.PN, "Doe^Jane");
            for (byte[] file : List.of(Files.readAllBytes(file(nas, 1)), service.came(uid(STUDY, 1)))) {
                assertFile(implicit, plain, file);
            }
            for (byte[] file : List.of(Files.readAllBytes(file(nas, 2)), service.came(uid(STUDY, 2)))) {
                assertFile(jpeg, compressed, file);
            }
            assertTrue(archive.delivery(STUDY, "CLOUD").history().stream()
                    .anyMatch(event -> event.event().equals("coerced")));
        }
    }

    private static void assertFile(TransferSyntax syntax, Dataset object, byte[] bytes) throws IOException {
        try (Part10 file = Part10.open(new ByteArrayInputStream(bytes))) {
            assertEquals(syntax.uid(), file.meta().getString(Tag.TRANSFER_SYNTAX_UID, ""));
            assertEquals(object, DatasetReader.read(file.dataSet().readAllBytes(), syntax));
        }
    }

    /** Once a file is there it stays as it is, whatever the rule says by then. */
    @Test
    void aRuleThatChangesLaterDoesNotMakeWhatWasBroughtDamaged() throws Exception {
        Path nas = folder("NAS");
        Handling coercing =
                new Handling(Optional.empty(), Coercion.parse(Map.of("patientName", "Doe^Jane")), List.of());
        archive.rule("all", Trigger.INSTANCE, "modality = CT", 5, coercing, "NAS");
        archive.store(STUDY, 1, 2);
        await(DeliveryState.VERIFIED, STUDY, "NAS");
        rule("NAS");
        archive.store(STUDY, 3, 3);
        Await.until("the third is there", Duration.ofSeconds(60), () -> Files.exists(file(nas, 3)));
        await(DeliveryState.VERIFIED, STUDY, "NAS");
        assertEquals(Optional.of(Proof.COMPARED), proof("NAS"));
        assertEquals(3, archive.delivery(STUDY, "NAS").sent());
    }

    @Test
    void aHangingFolderCostsTheOthersNothing() throws Exception {
        Path hanging = folder("HANGING");
        Path nas = folder("NAS");
        FakeDestination peer = archive.destination("PEER");
        Files.createDirectories(file(hanging, 1).getParent());
        // Whoever opens a pipe waits for the one who writes: as for a file server that is away.
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", file(hanging, 1).toString())
                        .start()
                        .waitFor());
        rule("HANGING", "NAS", "PEER");
        archive.store(STUDY, 1, 20);
        await(DeliveryState.VERIFIED, STUDY, "NAS");
        await(DeliveryState.VERIFIED, STUDY, "PEER");
        assertEquals(kept(), files(nas));
        assertEquals(20, peer.uids().size());
        awaitError("it is said what hangs", "HANGING", "has not answered for 2 s");
    }

    /** Users complain: work stuck on a dead node. What it has written and not recorded is there, and is found to be so. */
    @Test
    void whatAKilledNodeHasWrittenAndNotRecordedIsNotWrittenTwice() throws Exception {
        node.stop();
        Path nas = folder("NAS");
        AtomicBoolean dead = new AtomicBoolean();
        Database cut = new Database(archive.test.pooled()) {
            @Override
            public <T, X extends Exception> T transaction(SqlWork<T, X> work) throws SQLException, X {
                // From the first file on nothing is recorded any more.
                if (dead.get() || Files.exists(file(nas, 1))) {
                    dead.set(true);
                    throw new SQLTransientConnectionException("The node is dead", "08001");
                }
                return super.transaction(work);
            }
        };
        archive.store(STUDY, 1, 20);
        archive.service.request(STUDY, "NAS", 5, false);
        JobRunner killed = archive.node("node1", cut);
        killed.start();
        try {
            Await.until("it has died", Duration.ofSeconds(60), dead::get);
            killed.stop();
            assertEquals(0, archive.test.number("SELECT count(*) FROM delivery_item WHERE state = 'SENT'"));
            FileTime written = Files.getLastModifiedTime(file(nas, 1));
            // As a node leaves it that is killed in the middle of a write.
            Path half = file(nas, 1).resolveSibling("." + uid(STUDY, 2) + ".dcm.x.part");
            Files.write(half, new byte[100]);
            Files.setLastModifiedTime(half, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
            archive.test.execute("UPDATE job SET due_at = now() WHERE state = 'LEASED'");
            node = archive.node("node2");
            node.start();
            await(DeliveryState.VERIFIED, STUDY, "NAS");
            assertEquals(written, Files.getLastModifiedTime(file(nas, 1)));
        } finally {
            killed.stop();
        }
        assertEquals(kept(), files(nas), "FWD_LOST, and nothing half-written");
    }

    // --- STOW-RS

    @Test
    void stowBringsEveryObjectBitForBitAndCountsThem() throws Exception {
        try (FakeDicomWeb service = new FakeDicomWeb()) {
            stow("CLOUD", service);
            archive.store(STUDY, 1, 30);
            archive.service.request(STUDY, "CLOUD", 5, false);
            await(DeliveryState.VERIFIED, STUDY, "CLOUD");
            assertEquals(Optional.of(Proof.COUNTED), proof("CLOUD"));
            assertEquals(kept(), new TreeMap<>(service.digests), "FWD_LOST");
            assertTrue(service.requests.size() <= 3, service.requests.size() + " requests for 30 objects");
            assertEquals("", service.authorizations.getFirst());
        }
    }

    @Test
    void whoCantBeAskedIsBelievedAndWhatIsNotFoundIsNot() throws Exception {
        try (FakeDicomWeb service = new FakeDicomWeb();
                FakeDicomWeb loser = new FakeDicomWeb()) {
            service.queryable = false;
            loser.files = uid -> !uid.equals(uid(STUDY, 2));
            stow("CLOUD", service);
            stow("LOSER", loser);
            rule("CLOUD", "LOSER");
            archive.store(STUDY, 1, 3);
            await(DeliveryState.VERIFIED, STUDY, "CLOUD");
            assertEquals(Optional.of(Proof.ACKNOWLEDGED), proof("CLOUD"));
            await(DeliveryState.FAILED, STUDY, "LOSER");
            assertTrue(archive.delivery(STUDY, "LOSER").error().contains("not found there"));
        }
    }

    @Test
    void whatIsRefusedFailsWithItsReasonAndTheOthersAreThere() throws Exception {
        try (FakeDicomWeb service = new FakeDicomWeb()) {
            service.refuses.put(uid(STUDY, 2), 0x0122);
            stow("CLOUD", service);
            archive.store(STUDY, 1, 3);
            archive.service.request(STUDY, "CLOUD", 5, false);
            await(DeliveryState.FAILED, STUDY, "CLOUD");
            Delivery delivery = archive.delivery(STUDY, "CLOUD");
            assertEquals(2, delivery.sent());
            assertEquals(1, delivery.failed());
            assertTrue(delivery.error().contains("0122H"), delivery.error());
            assertEquals(Set.of(uid(STUDY, 1), uid(STUDY, 3)), service.digests.keySet());
            assertEquals(0x0122, archive.test.number("SELECT status FROM delivery_item WHERE state = 'FAILED'"));
        }
    }

    @Test
    void oneObjectThatBreaksTheServiceDoesNotKeepTheOthersFromIt() throws Exception {
        try (FakeDicomWeb service = new FakeDicomWeb()) {
            service.breaks = uids -> uids.contains(uid(STUDY, 7));
            stow("CLOUD", service);
            archive.store(STUDY, 1, 15);
            archive.service.request(STUDY, "CLOUD", 5, false);
            Await.until("all others are there", Duration.ofSeconds(90), () -> service.digests.size() == 14);
            assertFalse(service.digests.containsKey(uid(STUDY, 7)));
        }
    }

    /** Nor is it the service's fault: the others go on together. */
    @Test
    void anObjectThatCantBeReadFailsAloneAndSaysSo() throws Exception {
        try (FakeDicomWeb service = new FakeDicomWeb()) {
            stow("CLOUD", service);
            archive.store(STUDY, 1, 15);
            String path = archive.test.text("""
                    SELECT copy.path FROM object_copy AS copy JOIN stored_object AS object ON object.id = copy.object_fk
                    JOIN instance ON instance.id = object.instance_fk WHERE instance.sop_instance_uid = '%s'""".formatted(uid(STUDY, 7)));
            Files.delete(directory.resolve("v0").resolve(path));
            archive.service.request(STUDY, "CLOUD", 5, false);
            Await.until(
                    "all others are there",
                    Duration.ofSeconds(60),
                    () -> archive.find(STUDY, "CLOUD")
                            .filter(delivery -> delivery.sent() == 14)
                            .isPresent());
            awaitError("it says why", "CLOUD", "No copy of the object can be read");
            assertEquals(14, service.digests.size());
            assertTrue(service.requests.stream().anyMatch(uids -> uids.size() > 1), service.requests.toString());
        }
    }

    @Test
    void aServiceThatTakesConnectionsAndNeverAnswersCostsTheOthersNothing() throws Exception {
        try (FakeDicomWeb hanging = new FakeDicomWeb();
                FakeDicomWeb good = new FakeDicomWeb()) {
            hanging.hang();
            stow("HANGING", hanging);
            stow("GOOD", good);
            rule("HANGING", "GOOD");
            archive.store(STUDY, 1, 30);
            await(DeliveryState.VERIFIED, STUDY, "GOOD");
            assertEquals(kept(), new TreeMap<>(good.digests));
            awaitError("it is given up in time", "HANGING", "HANGING");
            assertTrue(hanging.hanging.get() > 0);
            assertEquals(0, archive.test.number("SELECT count(*) FROM delivery_item WHERE state = 'FAILED'"));
        }
    }

    @Test
    void aServiceThatIsBusyOrRefusesUsCostsNoAttempts() throws Exception {
        try (FakeDicomWeb service = new FakeDicomWeb()) {
            service.status = 503;
            stow("CLOUD", service);
            archive.store(STUDY, 1, 3);
            archive.service.request(STUDY, "CLOUD", 5, false);
            awaitError("it is full", "CLOUD", "out of resources");
            service.status = 401;
            tryNow();
            awaitError("it refuses us", "CLOUD", "check the destination's secret");
            assertEquals(0, archive.test.number("SELECT count(*) FROM delivery_item WHERE attempts > 0"));
            // Any web server may say so, and a body of nothing is no DICOM JSON.
            service.status = 200;
            tryNow();
            awaitError("it is no DICOMweb service", "CLOUD", "with what is no DICOM JSON");
            assertEquals(0, archive.test.number("SELECT count(*) FROM delivery_item WHERE attempts > 0"));
            service.status = 0;
            tryNow();
            await(DeliveryState.VERIFIED, STUDY, "CLOUD");
        }
    }

    @Test
    void aSecretIsSentAndItsFileIsReadEachTime() throws Exception {
        Path secrets = Files.createDirectories(directory.resolve("data/secrets/destinations"));
        String before =
                System.setProperty("dozo.data", directory.resolve("data").toString());
        try (FakeDicomWeb service = new FakeDicomWeb()) {
            node.stop();
            node = archive.node("node2");
            node.start();
            archive.others.put(new NamedDestination("CLOUD", DestinationKind.STOW, service.address(), "cloud", ""));
            archive.store(STUDY, 1, 1);
            archive.service.request(STUDY, "CLOUD", 5, false);
            awaitError("it misses the file", "CLOUD", "secrets/destinations/cloud");
            Files.writeString(secrets.resolve("cloud"), "dozo:geheim\n");
            await(DeliveryState.VERIFIED, STUDY, "CLOUD");
            assertEquals(
                    List.of("Basic ZG96bzpnZWhlaW0="),
                    service.authorizations.stream().distinct().toList());
        } finally {
            if (before == null) {
                System.clearProperty("dozo.data");
            } else {
                System.setProperty("dozo.data", before);
            }
        }
    }
}
