// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import static org.dozo.forward.ForwardingArchive.uid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetReader;
import org.dozo.dicom.io.Part10;
import org.dozo.forward.rules.Coercion;
import org.dozo.forward.rules.Handling;
import org.dozo.forward.rules.Trigger;
import org.dozo.jobs.JobRunner;
import org.dozo.sending.FakeDestination;
import org.dozo.sending.FakeDicomWeb;
import org.dozo.sending.Inspection;
import org.dozo.sending.Sent;
import org.dozo.shared.Await;
import org.dozo.shared.Database;
import org.dozo.shared.SqlWork;
import org.junit.jupiter.api.Test;

/** What is brought to folders, with real jobs. */
class FolderDestinationIT extends OtherDestinationCase {

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
}
