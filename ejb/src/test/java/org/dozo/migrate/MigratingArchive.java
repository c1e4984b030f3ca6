// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.dozo.access.AccessSettings;
import org.dozo.access.DestinationSettings;
import org.dozo.access.Destinations;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.access.Permission;
import org.dozo.dicom.DicomConnectionFactory;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.index.DuplicatePolicy;
import org.dozo.index.InstanceIndex;
import org.dozo.index.ObjectLedger;
import org.dozo.index.PatientRegistry;
import org.dozo.ingest.Intakes;
import org.dozo.jobs.JobBell;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobRunner;
import org.dozo.jobs.JobSettings;
import org.dozo.jobs.Jobs;
import org.dozo.settings.PullSettings;
import org.dozo.shared.Database;
import org.dozo.shared.NodeName;
import org.dozo.shared.Notices;
import org.dozo.shared.TestDatabase;
import org.dozo.storage.ObjectStorage;
import org.dozo.storage.RealStorage;

/** An archive that migrates: real database, volumes, jobs; its sources are fakes, by AE title, whose C-STOREs end in the real intake. */
final class MigratingArchive implements AutoCloseable {

    final TestDatabase test = TestDatabase.migrated();
    final Database database = test.database();
    final PeerRegistry peers = new PeerRegistry(database, Notices.NONE);
    final Map<String, FakeSource> sources = new ConcurrentHashMap<>();
    final AtomicReference<LocalTime> clock = new AtomicReference<>(LocalTime.NOON);
    final Jobs jobs;
    final MigrationService service;

    private final PullSettings settings = new PullSettings(8, 4, 3, Duration.ofMillis(200), 10);
    private final ObjectStorage storage;
    private final Intakes intake;
    private final MigrationLedger ledger;
    private final AtomicReference<JobRunner> hearer = new AtomicReference<>();

    MigratingArchive(Path volumes) throws SQLException, InterruptedException {
        ObjectLedger objects = new ObjectLedger(database);
        storage = RealStorage.open(test.pooled(), objects, Duration.ofMillis(500), volumes.resolve("v0"));
        intake = new Intakes(
                storage, database, new InstanceIndex(new PatientRegistry(), DuplicatePolicy.KEEP_FIRST), objects);
        jobs = new Jobs(database, bell());
        ledger = new MigrationLedger(database, jobs);
        service = new MigrationService(database, peers, ledger, settings);
    }

    private JobBell bell() {
        return new JobBell((kind, priority) -> {
            JobRunner runner = hearer.get();
            if (runner != null) {
                runner.heard(kind, priority);
            }
        });
    }

    /** A node that does the jobs. */
    JobRunner node(String name) {
        return node(name, database);
    }

    /** @param seen the database as this node sees it */
    JobRunner node(String name, Database seen) {
        DicomConnectionFactory network = (peer, calling, contexts) -> {
            FakeSource source = sources.get(peer.aeTitle());
            if (source == null) {
                throw new IOException("connection refused");
            }
            return source.open(peer, calling, contexts);
        };
        AccessSettings access = new AccessSettings("DOZO", true);
        Destinations sight = new Destinations(
                network, access, new DestinationSettings(4, 1, 3, Duration.ofSeconds(1)), Notices.NONE);
        Sources sources = new Sources(peers, sight, access);
        MigrationLedger account = new MigrationLedger(seen, jobs);
        MigrationMetrics metrics = new MigrationMetrics(new SimpleMeterRegistry(), seen);
        List<JobHandler> handlers = List.of(
                new PullHandler(seen, sources, account, metrics, settings, clock::get),
                new SweepHandler(seen, sources, account, settings, clock::get));
        JobRunner runner = new JobRunner(
                seen,
                bell(),
                new NodeName(name),
                new JobSettings(Duration.ofMillis(500), Map.of(), Map.of()),
                new SimpleMeterRegistry(),
                handlers,
                () -> LocalTime.NOON);
        hearer.set(runner);
        return runner;
    }

    FakeSource source(String title) throws SQLException {
        peers.put(new KnownPeer(title, "127.0.0.1", 11113, false, Set.of(Permission.STORE), ""));
        return sources.computeIfAbsent(title, none -> new FakeSource(title, intake::take));
    }

    static String uid(String study, int number) {
        return study + ".1." + number;
    }

    static Dataset object(String study, int number, String date, String time) {
        byte[] pixels = new byte[500];
        new Random(number).nextBytes(pixels);
        return new Dataset()
                .setString(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, uid(study, number))
                .setString(Tag.STUDY_DATE, VR.DA, date)
                .setString(Tag.STUDY_TIME, VR.TM, time)
                .setString(Tag.MODALITY, VR.CS, "CT")
                .setString(Tag.PATIENT_NAME, VR.PN, "Yamada^Tarou")
                .setString(Tag.PATIENT_ID, VR.LO, "P1")
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, study)
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, study + ".1")
                .setString(Tag.INSTANCE_NUMBER, VR.IS, "" + number)
                .setInts(Tag.ROWS, VR.US, 10)
                .setInts(Tag.COLUMNS, VR.US, 25)
                .setBytes(Tag.PIXEL_DATA, VR.OW, pixels);
    }

    /** Instances 1 to {@code count} of a study on the source. */
    static void stock(FakeSource source, String study, int count, String date, String time) {
        for (int number = 1; number <= count; number++) {
            source.add(object(study, number, date, time));
        }
    }

    void store(Dataset object) throws IOException {
        new FakeSource("CT1", intake::take).send(object);
    }

    long instances() throws SQLException {
        return test.number("SELECT count(*) FROM instance");
    }

    @Override
    public void close() {
        storage.stop();
        test.close();
    }
}
