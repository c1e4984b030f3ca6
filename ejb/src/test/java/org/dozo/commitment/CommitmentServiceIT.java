// SPDX-License-Identifier: Apache-2.0
package org.dozo.commitment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.dozo.access.AccessSettings;
import org.dozo.access.Admissions;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.access.Permission;
import org.dozo.dicom.Association;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.SopReference;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.index.DuplicatePolicy;
import org.dozo.index.FixityCatalogue;
import org.dozo.index.InstanceIndex;
import org.dozo.index.ObjectLedger;
import org.dozo.index.PatientRegistry;
import org.dozo.ingest.Arrival;
import org.dozo.ingest.IngestMetrics;
import org.dozo.ingest.IngestService;
import org.dozo.jobs.JobBell;
import org.dozo.jobs.JobRunner;
import org.dozo.jobs.JobSettings;
import org.dozo.jobs.Jobs;
import org.dozo.proof.Commitments;
import org.dozo.proof.FakePeer;
import org.dozo.shared.Await;
import org.dozo.shared.CurrentTerm;
import org.dozo.shared.Database;
import org.dozo.shared.NodeName;
import org.dozo.shared.NodeTerm;
import org.dozo.shared.SqlWork;
import org.dozo.shared.TestDatabase;
import org.dozo.storage.ObjectStorage;
import org.dozo.storage.RealStorage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From the request to the report: real database, real volumes, real jobs; the peer is in memory. */
@Timeout(120)
class CommitmentServiceIT {

    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    private static final String MR = "1.2.840.10008.5.1.4.1.1.4";
    private static final String STUDY_ROOT_FIND = "1.2.840.10008.5.1.4.1.2.2.1";
    private static final String TRANSACTION = "1.2.9.1";

    @TempDir
    private Path volumes;

    private final FakePeer peer = new FakePeer();
    private TestDatabase test;
    private Database database;
    private ObjectStorage storage;
    private IngestService ingest;
    private PeerRegistry peers;
    private CommitmentService service;
    private JobRunner runner;

    @BeforeEach
    void open() throws Exception {
        test = TestDatabase.migrated();
        database = test.database();
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
        peers = new PeerRegistry(database);
        peers.put(peer(Permission.COMMIT));
        AccessSettings access = new AccessSettings("DOZO", true);
        Jobs jobs = new Jobs(database);
        JobBell bell = new JobBell();
        service = new CommitmentService(
                new Admissions(peers, access), peers, database, jobs, bell, new Commitments(database, jobs));
        FixityCatalogue catalogue = new FixityCatalogue(database);
        runner = new JobRunner(
                database,
                bell,
                new NodeName("node1"),
                JobSettings.DEFAULT,
                new SimpleMeterRegistry(),
                List.of(
                        new CommitmentCheck(database, jobs, bell, catalogue, new CopyReading(catalogue, storage, 2)),
                        new CommitmentReport(database, peers, peer, jobs)),
                LocalTime::now);
    }

    @AfterEach
    void close() {
        runner.stop();
        storage.stop();
        test.close();
    }

    private static KnownPeer peer(Permission... allowed) {
        return new KnownPeer("MODALITY", "127.0.0.1", 11113, false, Set.of(allowed), "");
    }

    private static Association association(String aeTitle) {
        return new Association(1, aeTitle, "DOZO2", InetAddress.getLoopbackAddress(), false, "", "", Instant.EPOCH);
    }

    private void store(int number, String patientName) throws Exception {
        Dataset object = new Dataset()
                .setString(Tag.SOP_CLASS_UID, VR.UI, CT)
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, uid(number))
                .setString(Tag.PATIENT_NAME, VR.PN, patientName)
                .setString(Tag.PATIENT_ID, VR.LO, "P1")
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.2.1")
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, "1.2.2")
                .setBytes(Tag.PIXEL_DATA, VR.OW, new byte[20_000]);
        TransferSyntax syntax = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;
        ingest.ingest(
                new Arrival(CT, uid(number), syntax.uid(), "CT1", "DOZO", "127.0.0.1"),
                new ByteArrayInputStream(DatasetWriter.toBytes(object, syntax)));
    }

    private void store(int... numbers) throws Exception {
        for (int number : numbers) {
            store(number, "Yamada^Tarou");
        }
    }

    private static String uid(int number) {
        return "1.2.3." + number;
    }

    private static SopReference ct(int number) {
        return new SopReference(CT, uid(number));
    }

    private DimseStatus request(String transaction, SopReference... references) {
        return service.requested(association("MODALITY"), new CommitmentRequest(transaction, List.of(references)));
    }

    private CommitmentResult report(int number) throws Exception {
        Await.until("report " + number, () -> peer.reports.size() >= number);
        return peer.reports.get(number - 1);
    }

    private static Map<String, Integer> reasons(CommitmentResult result) {
        Map<String, Integer> reasons = new TreeMap<>();
        result.committed().forEach(each -> reasons.put(each.sopInstanceUid() + " " + each.sopClassUid(), 0));
        result.failed()
                .forEach(each -> reasons.put(
                        each.reference().sopInstanceUid() + " "
                                + each.reference().sopClassUid(),
                        each.reason()));
        return reasons;
    }

    /** Of an object's copies, the files by volume. */
    private Path file(String sopInstanceUid, String volume) throws SQLException {
        String path = test.text("SELECT copy.path FROM object_copy AS copy JOIN volume ON volume.id = copy.volume_fk"
                + " JOIN stored_object AS object ON object.id = copy.object_fk"
                + " JOIN instance ON instance.id = object.instance_fk"
                + " WHERE sop_instance_uid = '" + sopInstanceUid + "' AND volume.name = '" + volume
                + "' ORDER BY object.id DESC LIMIT 1");
        return volumes.resolve(volume).resolve(path);
    }

    private static void flip(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 100] ^= 1;
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r-----"));
        Files.write(file, bytes);
    }

    /** What it has read may be otherwise by now, and another node has the request. */
    @Test
    void theVerdictsOfANodeThatFrozeAreNotKept() throws Exception {
        store(1);
        AtomicInteger refused = new AtomicInteger();
        Database freezing = new Database(test.pooled()) {
            @Override
            public <T, X extends Exception> T transaction(SqlWork<T, X> work) throws SQLException, X {
                boolean verdicts = Thread.currentThread().getName().equals("dozo-job-commitment") && refused.get() == 0;
                if (verdicts) {
                    test.execute("UPDATE job SET lease_owner = 'node2', epoch = epoch + 1 WHERE kind = 'commitment'");
                }
                try {
                    return super.transaction(work);
                } finally {
                    refused.incrementAndGet();
                }
            }
        };
        Jobs jobs = new Jobs(freezing);
        FixityCatalogue catalogue = new FixityCatalogue(database);
        request(TRANSACTION, ct(1));
        runner = new JobRunner(
                database,
                new JobBell(),
                new NodeName("node1"),
                JobSettings.DEFAULT,
                new SimpleMeterRegistry(),
                List.of(new CommitmentCheck(
                        freezing, jobs, new JobBell(), catalogue, new CopyReading(catalogue, storage, 2))),
                LocalTime::now);
        runner.start();
        Await.until("its verdicts have come", () -> refused.get() > 0);
        assertEquals(0, test.number("SELECT count(*) FROM commitment_request_item WHERE reason IS NOT NULL"));
    }

    @Test
    void whatItsSenderKnowsToBeSafeIsAnnouncedByStudyAndNothingElse() throws Exception {
        store(1, 2, 3);
        flip(file(uid(3), "v1"));
        runner.start();
        request("1.2.9.1", ct(3), ct(7));
        report(1);
        Await.until(
                "it is on the record",
                () -> test.number("SELECT count(*) FROM commitment_request WHERE state = 'REPORTED'") == 1);
        assertEquals(0, test.number("SELECT count(*) FROM job WHERE kind = 'committed'"), "nothing was committed");
        peer.answersReport = result -> new DimseStatus(0x0110, "not now");
        request("1.2.9.2", ct(1), ct(2), ct(7));
        Await.until(
                "the peer has refused to hear",
                () -> test.number("SELECT count(*) FROM job WHERE last_error <> ''") > 0);
        assertEquals(0, test.number("SELECT count(*) FROM job WHERE kind = 'committed'"), "the peer does not know");
        peer.answersReport = result -> DimseStatus.SUCCESS;
        Await.until("it is announced", () -> test.number("SELECT count(*) FROM job WHERE kind = 'committed'") == 1);
        assertEquals("1.2.1", test.text("SELECT job_key FROM job WHERE kind = 'committed'"));
    }

    @Test
    void everyObjectIsReadAgainAndTheReportSaysWhatIsWrong() throws Exception {
        store(1, 2, 3);
        flip(file(uid(2), "v1"));
        Files.delete(file(uid(3), "v0"));
        DimseStatus status = request(
                TRANSACTION,
                ct(1),
                ct(2),
                ct(3),
                ct(4),
                new SopReference(MR, uid(1)),
                new SopReference(STUDY_ROOT_FIND, uid(5)),
                new SopReference("1.2.826.77", uid(6)));
        assertEquals(DimseStatus.SUCCESS, status);
        runner.start();
        CommitmentResult result = report(1);
        assertEquals(TRANSACTION, result.transactionUid());
        assertEquals(
                Map.of(
                        uid(1) + " " + CT, 0,
                        uid(2) + " " + CT, 0x0110,
                        uid(3) + " " + CT, 0x0110,
                        uid(4) + " " + CT, 0x0112,
                        uid(1) + " " + MR, 0x0119,
                        uid(5) + " " + STUDY_ROOT_FIND, 0x0122,
                        uid(6) + " 1.2.826.77", 0x0112),
                reasons(result));
        assertEquals(List.of("MODALITY as DOZO2, provider"), peer.calls);
        assertEquals(2, test.number("SELECT count(*) FROM object_copy WHERE state = 'SUSPECT'"));
        Await.until("no job is left", () -> test.number("SELECT count(*) FROM job WHERE kind LIKE 'commitment%'") == 0);
    }

    @Test
    void whatIsKeptBesideTheCurrentObjectMustBeGoodToo() throws Exception {
        store(1, "Yamada^Tarou");
        store(1, "Suzuki^Jirou");
        assertEquals(2, test.number("SELECT count(*) FROM stored_object"));
        request("1.2.9.1", ct(1));
        runner.start();
        assertEquals(1, report(1).eventTypeId());
        flip(file(uid(1), "v0"));
        request("1.2.9.2", ct(1));
        assertEquals(Map.of(uid(1) + " " + CT, 0x0110), reasons(report(2)));
    }

    @Test
    void aCopyThatWasRepairedIsGoodAgain() throws Exception {
        store(1);
        byte[] good = Files.readAllBytes(file(uid(1), "v0"));
        flip(file(uid(1), "v0"));
        request("1.2.9.1", ct(1));
        runner.start();
        assertEquals(2, report(1).eventTypeId());
        Files.write(file(uid(1), "v0"), good);
        request("1.2.9.2", ct(1));
        assertEquals(1, report(2).eventTypeId());
        assertEquals(0, test.number("SELECT count(*) FROM object_copy WHERE state = 'SUSPECT'"));
    }

    @Test
    void fewerCopiesThanArePromisedAreNotEnough() throws Exception {
        store(1);
        test.execute("DELETE FROM object_copy WHERE volume_fk = (SELECT id FROM volume WHERE name = 'v1')");
        request(TRANSACTION, ct(1));
        runner.start();
        assertEquals(Map.of(uid(1) + " " + CT, 0x0213), reasons(report(1)));
    }

    @Test
    void aVolumeThatIsAwayForAMomentIsWaitedFor() throws Exception {
        store(1, 2);
        Path away = volumes.resolve("away");
        Files.move(volumes.resolve("v1"), away);
        Await.until(
                "the volume is seen to be away",
                () -> storage.volumes().stream()
                        .anyMatch(volume -> !volume.state().isReadable()));
        request(TRANSACTION, ct(1), ct(2), ct(3));
        runner.start();
        Await.until(
                "the job failed once",
                () -> test.number(
                                "SELECT count(*) FROM job WHERE kind = 'commitment' AND last_error LIKE '2 instances%'")
                        == 1);
        assertEquals(List.of(), peer.reports);
        Files.move(away, volumes.resolve("v1"));
        assertEquals(Map.of(uid(1) + " " + CT, 0, uid(2) + " " + CT, 0, uid(3) + " " + CT, 0x0112), reasons(report(1)));
    }

    @Test
    void whatWasCheckedBeforeADeathIsNotReadAgain() throws Exception {
        store(1, 2);
        request(TRANSACTION, ct(1), ct(2));
        test.execute("UPDATE commitment_request_item SET reason = 291 WHERE position = 1");
        runner.start();
        assertEquals(Map.of(uid(1) + " " + CT, 291, uid(2) + " " + CT, 0), reasons(report(1)));
    }

    @Test
    void manyInstancesAreCheckedPageByPage() throws Exception {
        store(1);
        List<SopReference> references = new ArrayList<>();
        for (int i = 1; i <= 333; i++) {
            references.add(ct(i));
        }
        request(TRANSACTION, references.toArray(SopReference[]::new));
        runner.start();
        CommitmentResult result = report(1);
        assertEquals(List.of(ct(1)), result.committed());
        assertEquals(332, result.failed().size());
        assertTrue(result.failed().stream().allMatch(failed -> failed.reason() == 0x0112));
    }

    @Test
    void theSameRequestAgainIsOneAndAnotherUnderItsUidIsRefused() throws Exception {
        store(1, 2);
        assertEquals(DimseStatus.SUCCESS, request(TRANSACTION, ct(1), ct(2)));
        assertEquals(DimseStatus.SUCCESS, request(TRANSACTION, ct(2), ct(1), ct(1)));
        assertEquals(0x0131, request(TRANSACTION, ct(1)).code());
        assertEquals(1, test.number("SELECT count(*) FROM commitment_request"));
        assertEquals(2, test.number("SELECT count(*) FROM commitment_request_item"));
        assertEquals(1, test.number("SELECT count(*) FROM job WHERE kind = 'commitment'"));
        runner.start();
        assertEquals(1, report(1).eventTypeId());
        Await.until("reported", () -> test.number("SELECT count(*) FROM job WHERE kind LIKE 'commitment%'") == 0);
        assertEquals(1, peer.reports.size());
        flip(file(uid(1), "v0"));
        assertEquals(DimseStatus.SUCCESS, request(TRANSACTION, ct(1), ct(2)));
        assertEquals(2, report(2).eventTypeId());
    }

    @Test
    void aPeerThatRefusesOrIsAwayIsToldLater() throws Exception {
        store(1);
        AtomicInteger refusals = new AtomicInteger(1);
        peer.answersReport =
                result -> refusals.getAndDecrement() > 0 ? new DimseStatus(0x0110, "not now") : DimseStatus.SUCCESS;
        peer.unreachable.set(1);
        request(TRANSACTION, ct(1));
        runner.start();
        Await.until(
                "it is said why",
                () -> test.number(
                                "SELECT count(*) FROM job WHERE kind = 'commitment-report' AND last_error LIKE '%not now%'")
                        == 1);
        assertEquals(1, report(1).eventTypeId());
        assertEquals(1, peer.reports.size());
    }

    @Test
    void whoMayNotOrCanNotBeReportedToIsRefused() throws Exception {
        peers.put(peer(Permission.STORE));
        assertEquals(0x0124, request(TRANSACTION, ct(1)).code());
        CommitmentRequest request = new CommitmentRequest(TRANSACTION, List.of(ct(1)));
        assertEquals(
                0x0110, service.requested(association("EVALUATOR"), request).code());
        assertEquals(0, test.number("SELECT count(*) FROM commitment_request"));
    }

    @Test
    void withoutItsJobARequestIsNotKept() throws Exception {
        test.execute("ALTER TABLE job RENAME TO job_away");
        assertEquals(0x0110, request(TRANSACTION, ct(1)).code());
        assertEquals(0, test.number("SELECT count(*) FROM commitment_request"));
    }

    @Test
    void aPeerThatIsNoneAnyMoreIsToldOnceItIsAgain() throws Exception {
        store(1);
        request(TRANSACTION, ct(1));
        peers.delete("MODALITY");
        runner.start();
        Await.until(
                "the remedy is named",
                () -> test.number("SELECT count(*) FROM job WHERE last_error LIKE '%./dozo peer add MODALITY%'") == 1);
        peers.put(peer(Permission.COMMIT));
        assertEquals(1, report(1).eventTypeId());
    }

    @Test
    void whatWasReportedLongAgoIsForgotten() throws Exception {
        store(1);
        runner.start();
        request("1.2.9.1", ct(1));
        report(1);
        Await.until("reported", () -> test.number("SELECT count(*) FROM job WHERE kind LIKE 'commitment%'") == 0);
        test.execute("UPDATE commitment_request SET reported_at = now() - interval '31 days'");
        request("1.2.9.2", ct(1));
        report(2);
        Await.until("forgotten", () -> test.number("SELECT count(*) FROM commitment_request") == 1);
        assertEquals(1, test.number("SELECT count(*) FROM commitment_request_item"));
    }
}
