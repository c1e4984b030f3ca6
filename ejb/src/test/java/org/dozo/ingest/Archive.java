// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.dozo.access.AccessSettings;
import org.dozo.access.Admissions;
import org.dozo.access.PeerRegistry;
import org.dozo.dicom.Association;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Priority;
import org.dozo.dicom.StoreRequest;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.index.ArchiveCounts;
import org.dozo.index.DuplicatePolicy;
import org.dozo.index.InstanceIndex;
import org.dozo.index.ObjectLedger;
import org.dozo.index.PatientRegistry;
import org.dozo.index.SeriesTally;
import org.dozo.jobs.Jobs;
import org.dozo.settings.StowSettings;
import org.dozo.shared.Await;
import org.dozo.shared.CurrentTerm;
import org.dozo.shared.Database;
import org.dozo.shared.FaultyCommit;
import org.dozo.shared.NodeTerm;
import org.dozo.shared.Notices;
import org.dozo.shared.TestDatabase;
import org.dozo.storage.AdoptedVolumes;
import org.dozo.storage.ObjectStorage;
import org.dozo.storage.RealStorage;

/** All of the archive that a C-STORE meets, without network and container: real database, real volumes. */
final class Archive implements AutoCloseable {

    static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    static final String EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid();

    final TestDatabase test = TestDatabase.migrated();
    final FaultyCommit faults = new FaultyCommit(test.pooled());
    final Database database = new Database(faults.asDataSource());
    final PeerRegistry peers = new PeerRegistry(database, Notices.NONE);
    final Path volumes;
    final ObjectStorage storage;
    final IngestService ingest;
    final StoreService store;
    final StowService stow;

    Archive(Path volumes, int copies, boolean evaluation) throws SQLException, InterruptedException {
        this(volumes, copies, evaluation, AdoptedVolumes.none());
    }

    Archive(Path volumes, int copies, boolean evaluation, AdoptedVolumes adopted)
            throws SQLException, InterruptedException {
        this.volumes = volumes;
        ObjectLedger ledger = new ObjectLedger(database);
        Path[] directories = Stream.iterate(0, i -> i + 1)
                .limit(copies)
                .map(i -> volumes.resolve("v" + i))
                .toArray(Path[]::new);
        storage = RealStorage.open(faults.asDataSource(), ledger, Duration.ofMillis(500), adopted, directories);
        IngestMetrics metrics = new IngestMetrics(new SimpleMeterRegistry());
        ingest = new IngestService(
                storage,
                database,
                new InstanceIndex(new PatientRegistry(), DuplicatePolicy.KEEP_FIRST),
                ledger,
                ParseLimits.DEFAULT,
                new CurrentTerm(new NodeTerm("node1", NodeTerm.NONE)),
                metrics);
        stow = new StowService(ingest, new StowSettings(100, 1 << 20, volumes, Set.of("1.2.826.77"), Set.of()));
        store = new StoreService(new Admissions(peers, new AccessSettings("DOZO", evaluation)), ingest, metrics);
    }

    static Dataset object(String number) {
        return new Dataset()
                .setString(Tag.SOP_CLASS_UID, VR.UI, CT)
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3." + number)
                .setString(Tag.PATIENT_NAME, VR.PN, "Yamada^Tarou")
                .setString(Tag.PATIENT_ID, VR.LO, "P1")
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.2.1")
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, "1.2.2")
                .setInts(Tag.ROWS, VR.US, 64)
                .setInts(Tag.COLUMNS, VR.US, 64)
                .setBytes(Tag.PIXEL_DATA, VR.OW, new byte[8192]);
    }

    static byte[] bytes(Dataset dataset) {
        return DatasetWriter.toBytes(dataset, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
    }

    static StoreRequest request(String sopClass, String sopInstance, String syntax) {
        Association association =
                new Association(1, "STORESCU", "DOZO", InetAddress.getLoopbackAddress(), false, "", "", Instant.EPOCH);
        return new StoreRequest(association, 1, sopClass, sopInstance, syntax, Priority.MEDIUM, "", 0);
    }

    /** Sends the object as itself. */
    DimseStatus send(Dataset dataset) throws IOException {
        return send(dataset.getString(Tag.SOP_INSTANCE_UID, ""), new ByteArrayInputStream(bytes(dataset)));
    }

    DimseStatus send(String sopInstance, InputStream dataSet) throws IOException {
        return store.store(request(CT, sopInstance, EXPLICIT), dataSet);
    }

    /** All files but the markers. */
    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(volumes)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals(".dozo-volume"))
                    .toList();
        }
    }

    ArchiveCounts counts() throws SQLException {
        Database unpooled = new Database(test.unpooled());
        return new SeriesTally(unpooled, new Jobs(unpooled)).counts();
    }

    long rows(String table) throws SQLException {
        return test.number("SELECT count(*) FROM " + table);
    }

    /** Nothing of any object: no file, row or job. */
    void assertEmpty() throws IOException, SQLException {
        assertEquals(List.of(), files());
        assertEquals(new ArchiveCounts(0, 0, 0, 0, 0), counts());
        for (String table : List.of(
                "patient", "study", "series", "instance", "stored_object", "object_copy", "job", "series_tally")) {
            assertEquals(0, rows(table), table);
        }
    }

    void awaitFiles(int number) throws Exception {
        Await.until(number + " files", () -> files().size() == number);
    }

    @Override
    public void close() {
        storage.stop();
        test.close();
    }
}
