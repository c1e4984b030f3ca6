// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import static org.dozo.forward.ForwardingArchive.uid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dozo.acceptance.S3Server;
import org.dozo.access.DestinationKind;
import org.dozo.access.NamedDestination;
import org.dozo.access.S3Options;
import org.dozo.sending.Inspection;
import org.dozo.sending.Sent;
import org.dozo.shared.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is brought to a bucket of a real S3 service, with real jobs. */
class S3DestinationIT extends OtherDestinationCase {

    private S3Server server;
    private Path bucket;

    @BeforeEach
    void openBucket() throws Exception {
        server = S3Server.start(elsewhere.resolve("s3"));
        bucket = Files.createDirectory(server.bucket("images"));
        Files.writeString(takeSecrets().resolve("cloud"), S3Server.ACCESS_KEY + ":" + S3Server.SECRET_KEY + "\n");
        archive.others.put(new NamedDestination(
                "CLOUD",
                DestinationKind.S3,
                "s3://images",
                "cloud",
                "",
                new S3Options(server.endpoint(), "us-east-1", true, "")));
    }

    @AfterEach
    void closeServer() {
        server.close();
    }

    @Test
    void aBucketGetsEveryObjectBitForBitAndItIsCompared() throws Exception {
        rule("CLOUD");
        archive.store(STUDY, 1, 30);
        await(DeliveryState.VERIFIED, STUDY, "CLOUD");
        assertEquals(Optional.of(Proof.COMPARED), proof("CLOUD"));
        assertEquals(30, archive.delivery(STUDY, "CLOUD").sent());
        assertEquals(kept(), files(bucket), "FWD_LOST");
    }

    @Test
    void aServiceThatIsAwayCostsNoAttemptsAndGetsTheRestWhenItIsBack() throws Exception {
        rule("CLOUD");
        archive.store(STUDY, 1, 5);
        await(DeliveryState.VERIFIED, STUDY, "CLOUD");
        String counted = "SELECT coalesce(sum(attempts), 0) FROM delivery_item";
        long attempts = archive.test.number(counted);
        server.kill9();
        archive.store(STUDY, 6, 20);
        awaitError("it is said what is away", "CLOUD", "can't be reached");
        assertEquals(attempts, archive.test.number(counted));
        server.startAgain();
        await(DeliveryState.VERIFIED, STUDY, "CLOUD");
        assertEquals(Optional.of(Proof.COMPARED), proof("CLOUD"));
        assertEquals(kept(), files(bucket), "FWD_LOST");
    }

    @Test
    void whatIsNotWhatWasBroughtIsNotCalledTheSame() throws Exception {
        rule("CLOUD");
        archive.store(STUDY, 1, 3);
        await(DeliveryState.VERIFIED, STUDY, "CLOUD");
        Files.delete(file(bucket, 3));
        Map<String, Bytes> recorded = recorded();
        recorded.put(uid(STUDY, 2), recorded.get(uid(STUDY, 1)));
        Set<String> all = Set.of(uid(STUDY, 1), uid(STUDY, 2), uid(STUDY, 3));
        Inspection inspection = archive.carriers()
                .inspector("CLOUD")
                .orElseThrow()
                .inspect(new Sent(STUDY, Map.of(STUDY + ".1", all), recorded), () -> false)
                .orElseThrow();
        assertEquals(Inspection.Depth.DIGESTS, inspection.depth());
        assertEquals(Set.of(uid(STUDY, 2), uid(STUDY, 3)), inspection.missing());
        assertTrue(inspection.fault().startsWith("Its file is not"), inspection.fault());
    }
}
