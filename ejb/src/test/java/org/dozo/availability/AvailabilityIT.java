// SPDX-License-Identifier: Apache-2.0
package org.dozo.availability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.dozo.access.AccessSettings;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.access.ProofWanted;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.SpecificCharacterSet;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.forward.ArrivalHandler;
import org.dozo.forward.DeliveryLedger;
import org.dozo.forward.PrefetchLedger;
import org.dozo.forward.rules.PrefetchBook;
import org.dozo.forward.rules.RuleBook;
import org.dozo.index.DuplicatePolicy;
import org.dozo.index.InstanceIndex;
import org.dozo.index.ObjectLedger;
import org.dozo.index.PatientRegistry;
import org.dozo.ingest.Intakes;
import org.dozo.jobs.JobBell;
import org.dozo.jobs.JobRunner;
import org.dozo.jobs.JobSettings;
import org.dozo.jobs.Jobs;
import org.dozo.jobs.RetryPlan;
import org.dozo.sending.FakeDestination;
import org.dozo.settings.AvailabilitySettings;
import org.dozo.shared.Await;
import org.dozo.shared.Database;
import org.dozo.shared.NodeName;
import org.dozo.shared.Notices;
import org.dozo.shared.TestDatabase;
import org.dozo.storage.ObjectStorage;
import org.dozo.storage.RealStorage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From the arrival to the notification: real database, volumes and jobs; the peers are in memory. */
@Timeout(120)
class AvailabilityIT {

    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    private static final String STUDY = "1.2.7";
    private static final TransferSyntax EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;

    @TempDir
    private Path volumes;

    private final Map<String, FakeDestination> destinations = new ConcurrentHashMap<>();
    private TestDatabase test;
    private ObjectStorage storage;
    private Intakes intake;
    private PeerRegistry peers;
    private JobRunner runner;

    @BeforeEach
    void open() throws Exception {
        test = TestDatabase.migrated();
        Database database = test.database();
        ObjectLedger ledger = new ObjectLedger(database);
        storage = RealStorage.open(test.pooled(), ledger, Duration.ofMillis(500), volumes.resolve("v0"));
        intake = new Intakes(
                storage, database, new InstanceIndex(new PatientRegistry(), DuplicatePolicy.KEEP_FIRST), ledger);
        peers = new PeerRegistry(database, Notices.NONE);
        Jobs jobs = new Jobs(database);
        AvailabilitySettings settings = new AvailabilitySettings(Duration.ofSeconds(2));
        RetryPlan quick = new RetryPlan(100, Duration.ofMillis(200), 1, Duration.ofMillis(200), 0);
        runner = new JobRunner(
                database,
                new JobBell(),
                new NodeName("node1"),
                JobSettings.DEFAULT,
                new SimpleMeterRegistry(),
                List.of(
                        new ArrivalHandler(
                                database,
                                new RuleBook(database, Notices.NONE),
                                new DeliveryLedger(jobs),
                                jobs,
                                settings,
                                new PrefetchLedger(new PrefetchBook(database, Notices.NONE), jobs)),
                        new AvailabilityHandler(
                                database,
                                peers,
                                (peer, calling, contexts) -> Objects.requireNonNull(destinations.get(peer.aeTitle()))
                                        .open(peer, calling, contexts),
                                new AccessSettings("DOZO", true),
                                settings,
                                quick)),
                LocalTime::now);
        runner.start();
    }

    @AfterEach
    void close() {
        runner.stop();
        storage.stop();
        test.close();
    }

    private FakeDestination peer(String aeTitle, boolean notify) throws SQLException {
        peers.put(new KnownPeer(
                aeTitle,
                "127.0.0.1",
                11113,
                false,
                Set.of(),
                "",
                ProofWanted.COMMITMENT,
                notify,
                SpecificCharacterSet.DEFAULT));
        return destinations.computeIfAbsent(aeTitle, title -> new FakeDestination());
    }

    private void store(int series, int number) throws IOException {
        Dataset object = new Dataset()
                .setString(Tag.SOP_CLASS_UID, VR.UI, CT)
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, STUDY + "." + series + "." + number)
                .setString(Tag.PATIENT_ID, VR.LO, "P1")
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, STUDY)
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, STUDY + "." + series);
        intake.take("CT1", object, EXPLICIT, new ByteArrayInputStream(DatasetWriter.toBytes(object, EXPLICIT)));
    }

    private static List<String> told(FakeDestination.Created created) {
        List<String> told = new ArrayList<>();
        for (Dataset series : created.attributes().getItems(Tag.REFERENCED_SERIES_SEQUENCE)) {
            for (Dataset instance : series.getItems(Tag.REFERENCED_SOP_SEQUENCE)) {
                told.add(series.getString(Tag.SERIES_INSTANCE_UID) + " "
                        + instance.getString(Tag.REFERENCED_SOP_CLASS_UID) + " "
                        + instance.getString(Tag.REFERENCED_SOP_INSTANCE_UID) + " "
                        + instance.getString(Tag.INSTANCE_AVAILABILITY) + " "
                        + instance.getString(Tag.RETRIEVE_AE_TITLE));
            }
        }
        return told;
    }

    private static String instance(int series, int number) {
        return STUDY + "." + series + " " + CT + " " + STUDY + "." + series + "." + number + " ONLINE DOZO";
    }

    /** How many different things it was told. */
    private static long contents(FakeDestination peer) {
        return peer.created.stream()
                .map(FakeDestination.Created::sopInstanceUid)
                .distinct()
                .count();
    }

    private long jobs() throws SQLException {
        return test.number("SELECT count(*) FROM job");
    }

    @Test
    void whoWantsItIsToldOnceOfAllThatIsThereWhenTheStudyIsQuietAndAgainOfWhatComesLater() throws Exception {
        FakeDestination ris = peer("RIS", true);
        FakeDestination other = peer("OTHER", false);
        store(1, 1);
        store(1, 2);
        Await.until(
                "its arrival is known", () -> test.number("SELECT count(*) FROM job WHERE kind = 'availability'") == 1);
        store(2, 1);
        Await.until("it is told", () -> !ris.created.isEmpty());
        Await.until("nothing is left to be told", () -> jobs() == 0);
        assertEquals(1, contents(ris));
        FakeDestination.Created first = ris.created.getFirst();
        assertEquals("1.2.840.10008.5.1.4.33", first.sopClassUid());
        assertEquals(STUDY, first.attributes().getString(Tag.STUDY_INSTANCE_UID));
        assertTrue(first.attributes().contains(Tag.REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE), "of type 2");
        assertEquals(List.of(instance(1, 1), instance(1, 2), instance(2, 1)), told(first));
        store(2, 2);
        Await.until("it is told again", () -> contents(ris) == 2);
        assertEquals(4, told(ris.created.getLast()).size());
        assertNotEquals(first.sopInstanceUid(), ris.created.getLast().sopInstanceUid());
        assertEquals(List.of(), other.created);
    }

    @Test
    void nothingIsToldOfAStudyThatIsNotQuiet() throws Exception {
        FakeDestination ris = peer("RIS", true);
        store(1, 1);
        Await.until(
                "its arrival is known", () -> test.number("SELECT count(*) FROM job WHERE kind = 'availability'") == 1);
        // As if something had come until just now, and the job's first delay had gone by.
        test.execute("UPDATE stored_object SET received_at = now() + interval '1 hour'");
        test.execute("UPDATE job SET due_at = now() WHERE kind = 'availability'");
        Await.until(
                "it is waited for quiet",
                () -> test.number("SELECT count(*) FROM job WHERE kind = 'availability' AND state = 'WAITING'"
                                + " AND due_at > now() + interval '30 minutes'")
                        == 1);
        assertEquals(List.of(), ris.created);
        test.execute("UPDATE stored_object SET received_at = now() - interval '1 hour'");
        test.execute("UPDATE job SET due_at = now() WHERE kind = 'availability'");
        Await.until("it is told", () -> !ris.created.isEmpty());
    }

    @Test
    void whoDoesNotTakeItIsToldUntilHeDoesUnderTheSameUid() throws Exception {
        FakeDestination ris = peer("RIS", true);
        ris.answers = status -> new DimseStatus(0x0110, "not now");
        store(1, 1);
        Await.until("it was refused twice", () -> ris.created.size() >= 2);
        ris.answers = status -> new DimseStatus(0x0111, "known");
        Await.until("it is taken", () -> jobs() == 0);
        assertEquals(1, contents(ris));
    }

    @Test
    void whoTakesNoNotificationsIsNamed() throws Exception {
        FakeDestination ris = peer("RIS", true);
        ris.accepts = syntax -> false;
        store(1, 1);
        Await.until(
                "it is said why",
                () -> test.number("SELECT count(*) FROM job WHERE last_error LIKE 'RIS takes no Instance Avail%'")
                        == 1);
        peer("RIS", false);
        Await.until("he is told of nothing any more", () -> jobs() == 0);
        assertEquals(List.of(), ris.created);
    }
}
