// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import static org.dozo.forward.ForwardingArchive.uid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.dozo.access.DestinationKind;
import org.dozo.access.NamedDestination;
import org.dozo.sending.FakeDicomWeb;
import org.dozo.shared.Await;
import org.junit.jupiter.api.Test;

/** What is brought by STOW-RS, with real jobs. */
class StowDestinationIT extends OtherDestinationCase {

    /** What was put off, too. */
    private void tryNow() throws SQLException {
        archive.test.execute("UPDATE job SET due_at = now() WHERE kind = 'forward' AND state = 'WAITING'");
    }

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
        Path secrets = takeSecrets();
        try (FakeDicomWeb service = new FakeDicomWeb()) {
            archive.others.put(new NamedDestination("CLOUD", DestinationKind.STOW, service.address(), "cloud", ""));
            archive.store(STUDY, 1, 1);
            archive.service.request(STUDY, "CLOUD", 5, false);
            awaitError("it misses the file", "CLOUD", "secrets/destinations/cloud");
            Files.writeString(secrets.resolve("cloud"), "dozo:geheim\n");
            await(DeliveryState.VERIFIED, STUDY, "CLOUD");
            assertEquals(
                    List.of("Basic ZG96bzpnZWhlaW0="),
                    service.authorizations.stream().distinct().toList());
        }
    }
}
