// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.dozo.access.AccessSettings;
import org.dozo.access.DestinationSettings;
import org.dozo.access.Destinations;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.dicom.DicomConnectionFactory;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.forward.rules.Condition;
import org.dozo.forward.rules.Handling;
import org.dozo.forward.rules.Rule;
import org.dozo.forward.rules.RuleBook;
import org.dozo.forward.rules.RuleRegistry;
import org.dozo.forward.rules.Trigger;
import org.dozo.index.Corrections;
import org.dozo.index.DuplicatePolicy;
import org.dozo.index.InstanceCatalogue;
import org.dozo.index.InstanceIndex;
import org.dozo.index.ObjectLedger;
import org.dozo.index.PatientRegistry;
import org.dozo.ingest.Intakes;
import org.dozo.jobs.JobBell;
import org.dozo.jobs.JobRunner;
import org.dozo.jobs.JobSettings;
import org.dozo.jobs.Jobs;
import org.dozo.jobs.NewJob;
import org.dozo.jobs.RetryPlan;
import org.dozo.proof.Commitments;
import org.dozo.sending.FakeDestination;
import org.dozo.sending.ObjectSender;
import org.dozo.settings.AvailabilitySettings;
import org.dozo.settings.ForwardSettings;
import org.dozo.shared.Database;
import org.dozo.shared.NodeName;
import org.dozo.shared.TestDatabase;
import org.dozo.storage.ObjectStorage;
import org.dozo.storage.RealStorage;

/** An archive that forwards: real database, volumes, jobs; its destinations are fakes, by AE title. */
final class ForwardingArchive implements AutoCloseable {

    static final String CT = "1.2.840.10008.5.1.4.1.1.2";

    final TestDatabase test = TestDatabase.migrated();
    final Database database = test.database();
    final PeerRegistry peers = new PeerRegistry(database);
    final Map<String, FakeDestination> destinations = new ConcurrentHashMap<>();
    final ForwardService service;
    final Commitments commitments;
    /** Of the nodes made from now on. */
    Duration commitmentWait = Duration.ofHours(1);

    /** The time of day as the nodes see it, for the windows of rules. */
    volatile LocalTime time = LocalTime.NOON;

    final RuleRegistry rules;
    private final RuleBook book = new RuleBook(database);
    private final ObjectStorage storage;
    private final Intakes intake;
    private final InstanceCatalogue catalogue = new InstanceCatalogue(database);
    private final Jobs jobs;
    private final AtomicReference<JobRunner> hearer = new AtomicReference<>();

    ForwardingArchive(Path volumes, DuplicatePolicy duplicates) throws SQLException, InterruptedException {
        ObjectLedger ledger = new ObjectLedger(database);
        storage = RealStorage.open(test.pooled(), ledger, Duration.ofMillis(500), volumes.resolve("v0"));
        intake = new Intakes(storage, database, new InstanceIndex(new PatientRegistry(), duplicates), ledger);
        rules = new RuleRegistry(database, book);
        jobs = new Jobs(database, bell());
        commitments = new Commitments(database, jobs);
        service = new ForwardService(database, peers, new DeliveryLedger(jobs));
    }

    private JobBell bell() {
        return new JobBell((kind, priority) -> {
            JobRunner runner = hearer.get();
            if (runner != null) {
                runner.heard(kind, priority);
            }
        });
    }

    /** A node that does the jobs; it has its own sight of destinations, as real nodes have. */
    JobRunner node(String name) {
        return node(name, database);
    }

    /** @param database as this node sees it */
    JobRunner node(String name, Database database) {
        DicomConnectionFactory network = (peer, calling, contexts) -> {
            FakeDestination destination = destinations.get(peer.aeTitle());
            if (destination == null) {
                throw new IOException("connection refused");
            }
            return destination.open(peer, calling, contexts);
        };
        Destinations sight = new Destinations(
                network, new AccessSettings("DOZO", true), new DestinationSettings(4, 1, 3, Duration.ofSeconds(1)));
        ForwardSettings settings = new ForwardSettings(2, 16, commitmentWait);
        DeliveryLedger ledger = new DeliveryLedger(jobs);
        ForwardMetrics metrics = new ForwardMetrics(new SimpleMeterRegistry(), database);
        ForwardHandler forward = new ForwardHandler(
                database,
                peers,
                sight,
                catalogue,
                new Corrections(database),
                new ObjectSender(catalogue, storage, ParseLimits.DEFAULT),
                ledger,
                metrics,
                settings,
                () -> time);
        RetryPlan quick = new RetryPlan(12, Duration.ofMillis(200), 1, Duration.ofMillis(200), 0);
        CommitmentInquiry commitment = new CommitmentInquiry(database, commitments);
        ProofHandler proof =
                new ProofHandler(database, peers, sight, new PeerInquiry(), commitment, ledger, settings, quick);
        JobRunner runner = new JobRunner(
                database,
                bell(),
                new NodeName(name),
                new JobSettings(Duration.ofMillis(500), Map.of(), Map.of()),
                new SimpleMeterRegistry(),
                List.of(
                        new ArrivalHandler(database, book, ledger, jobs, AvailabilitySettings.DEFAULT),
                        new CommittedHandler(database, book, ledger),
                        forward,
                        proof,
                        new CommitmentAnswerHandler(database, jobs)),
                () -> LocalTime.NOON);
        hearer.set(runner);
        return runner;
    }

    FakeDestination destination(String aeTitle) throws SQLException {
        peers.put(new KnownPeer(aeTitle, "127.0.0.1", 11113, false, Set.of(), ""));
        return destinations.computeIfAbsent(aeTitle, title -> new FakeDestination());
    }

    void rule(String name, Trigger when, String condition, int priority, String... to) throws SQLException {
        rule(name, when, condition, priority, Handling.USUAL, to);
    }

    void rule(String name, Trigger when, String condition, int priority, Handling handling, String... to)
            throws SQLException {
        rules.put(new Rule(
                name,
                when,
                Condition.parse(condition),
                List.of(to),
                priority,
                true,
                Duration.ZERO,
                Duration.ofSeconds(2),
                "",
                handling));
        book.forget();
    }

    static String uid(String study, int number) {
        return study + ".1." + number;
    }

    static Dataset object(String study, int number) {
        byte[] pixels = new byte[2_000];
        new Random(number).nextBytes(pixels);
        return new Dataset()
                .setString(Tag.SOP_CLASS_UID, VR.UI, CT)
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, uid(study, number))
                .setString(Tag.MODALITY, VR.CS, "CT")
                .setString(Tag.PATIENT_NAME, VR.PN, "Yamada^Tarou")
                .setString(Tag.PATIENT_ID, VR.LO, "P1")
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, study)
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, study + ".1")
                .setString(Tag.INSTANCE_NUMBER, VR.IS, "" + number)
                .setInts(Tag.ROWS, VR.US, 10)
                .setInts(Tag.COLUMNS, VR.US, 100)
                .setBytes(Tag.PIXEL_DATA, VR.OW, pixels);
    }

    void store(String study, int from, int to) throws IOException {
        for (int number = from; number <= to; number++) {
            store("CT1", object(study, number), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        }
    }

    void store(String source, Dataset object, TransferSyntax syntax) throws IOException {
        intake.take(source, object, syntax, new ByteArrayInputStream(DatasetWriter.toBytes(object, syntax)));
    }

    /** As storage commitment does when it has told a study's sender. */
    void committed(String study) throws SQLException {
        database.transaction(connection -> {
            jobs.announce(connection, new NewJob(InstanceIndex.COMMITTED_JOB, study, "{}", NewJob.ROUTINE));
            return study;
        });
    }

    Delivery delivery(String study, String destination) throws SQLException {
        return find(study, destination)
                .orElseThrow(() -> new AssertionError("There is no delivery of " + study + " to " + destination));
    }

    /** For conditions that are waited for: the delivery may not be there yet. */
    Optional<Delivery> find(String study, String destination) throws SQLException {
        return service.list(study, destination).stream().findFirst();
    }

    boolean is(DeliveryState state, String study, String destination) throws SQLException {
        return find(study, destination)
                .filter(delivery -> delivery.state() == state)
                .isPresent();
    }

    long jobs(String kind) throws SQLException {
        return test.number("SELECT count(*) FROM job WHERE kind = '" + kind + "'");
    }

    @Override
    public void close() {
        storage.stop();
        test.close();
    }
}
