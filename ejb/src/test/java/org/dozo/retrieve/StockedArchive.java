// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.dozo.access.AccessSettings;
import org.dozo.access.Admissions;
import org.dozo.access.DestinationSettings;
import org.dozo.access.Destinations;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.dicom.Association;
import org.dozo.dicom.Priority;
import org.dozo.dicom.QueryOption;
import org.dozo.dicom.RetrieveRequest;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.index.Corrections;
import org.dozo.index.DuplicatePolicy;
import org.dozo.index.InstanceCatalogue;
import org.dozo.index.InstanceIndex;
import org.dozo.index.ObjectLedger;
import org.dozo.index.PatientRegistry;
import org.dozo.ingest.Arrival;
import org.dozo.ingest.IngestMetrics;
import org.dozo.ingest.IngestService;
import org.dozo.sending.FakeDestination;
import org.dozo.sending.ObjectSender;
import org.dozo.shared.CurrentTerm;
import org.dozo.shared.Database;
import org.dozo.shared.NodeTerm;
import org.dozo.shared.Notices;
import org.dozo.shared.TestDatabase;
import org.dozo.storage.ObjectStorage;
import org.dozo.storage.RealStorage;

/** An archive with objects in it, and a destination: real database and volumes, no network. */
final class StockedArchive implements AutoCloseable {

    static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    static final String STUDY_ROOT_MOVE = "1.2.840.10008.5.1.4.1.2.2.2";
    static final String STUDY_ROOT_GET = "1.2.840.10008.5.1.4.1.2.2.3";
    static final TransferSyntax EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;

    final TestDatabase test = TestDatabase.migrated();
    final Database database = test.database();
    final Path volumes;
    final ObjectStorage storage;
    final FakeDestination destination = new FakeDestination();
    final MoveService move;
    final GetService get;
    private final IngestService ingest;

    StockedArchive(Path volumes, DestinationSettings settings) throws SQLException, InterruptedException {
        this.volumes = volumes;
        ObjectLedger ledger = new ObjectLedger(database);
        storage = RealStorage.open(
                test.pooled(), ledger, Duration.ofMillis(500), volumes.resolve("v0"), volumes.resolve("v1"));
        ingest = new IngestService(
                storage,
                database,
                new InstanceIndex(new PatientRegistry(), DuplicatePolicy.KEEP_FIRST),
                ledger,
                ParseLimits.DEFAULT,
                new CurrentTerm(new NodeTerm("node1", NodeTerm.NONE)),
                new IngestMetrics(new SimpleMeterRegistry()));
        AccessSettings access = new AccessSettings("DOZO", true);
        PeerRegistry peers = new PeerRegistry(database, Notices.NONE);
        peers.put(new KnownPeer("WORKSTATION", "127.0.0.1", 11113, false, Set.of(), ""));
        InstanceCatalogue catalogue = new InstanceCatalogue(database);
        Retrieval retrieval = new Retrieval(new Admissions(peers, access), catalogue);
        ObjectSender sender = new ObjectSender(catalogue, storage, ParseLimits.DEFAULT);
        Corrections corrections = new Corrections(database);
        Destinations destinations = new Destinations(destination, access, settings, Notices.NONE);
        move = new MoveService(retrieval, peers, destinations, settings, corrections, sender);
        get = new GetService(retrieval, corrections, sender);
    }

    static Dataset object(int number) {
        byte[] pixels = new byte[20_000];
        new Random(number).nextBytes(pixels);
        return new Dataset()
                .setString(Tag.SOP_CLASS_UID, VR.UI, CT)
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, uid(number))
                .setString(Tag.PATIENT_NAME, VR.PN, "Yamada^Tarou")
                .setString(Tag.PATIENT_ID, VR.LO, "P1")
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.2.1")
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, "1.2.2")
                .setString(Tag.INSTANCE_NUMBER, VR.IS, "" + number)
                .setInts(Tag.ROWS, VR.US, 100)
                .setInts(Tag.COLUMNS, VR.US, 100)
                .setBytes(Tag.PIXEL_DATA, VR.OW, pixels);
    }

    static String uid(int number) {
        return "1.2.3." + number;
    }

    StockedArchive with(int objects) throws IOException {
        for (int number = 1; number <= objects; number++) {
            put(object(number), EXPLICIT);
        }
        return this;
    }

    void put(Dataset object, TransferSyntax syntax) throws IOException {
        Arrival arrival = new Arrival(
                object.getString(Tag.SOP_CLASS_UID, ""),
                object.getString(Tag.SOP_INSTANCE_UID, ""),
                syntax.uid(),
                "CT1",
                "DOZO",
                "127.0.0.1");
        ingest.ingest(arrival, new ByteArrayInputStream(DatasetWriter.toBytes(object, syntax)));
    }

    /** All files of objects of one volume. */
    List<Path> files(String volume) throws IOException {
        try (Stream<Path> files = Files.walk(volumes.resolve(volume))) {
            return files.filter(file -> file.toString().endsWith(".dcm")).toList();
        }
    }

    static Dataset study() {
        return new Dataset()
                .setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, "STUDY")
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.2.1");
    }

    static RetrieveRequest request(String sopClass, Dataset identifier, String destination, QueryOption... options) {
        Association association =
                new Association(1, "VIEWER", "DOZO", InetAddress.getLoopbackAddress(), false, "", "", Instant.EPOCH);
        return new RetrieveRequest(association, 7, sopClass, Priority.HIGH, identifier, destination, Set.of(options));
    }

    @Override
    public void close() {
        storage.stop();
        test.close();
    }
}
