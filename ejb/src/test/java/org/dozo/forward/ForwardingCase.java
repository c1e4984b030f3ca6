// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import static org.dozo.forward.ForwardingArchive.uid;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.forward.rules.Trigger;
import org.dozo.index.DuplicatePolicy;
import org.dozo.jobs.JobRunner;
import org.dozo.shared.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An archive of the test's own, and a node that does its jobs. */
@Timeout(180)
abstract class ForwardingCase {

    static final String STUDY = "1.2.7";

    static final TransferSyntax EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;

    @TempDir
    Path directory;

    ForwardingArchive archive;
    JobRunner node;

    @BeforeEach
    void open() throws Exception {
        open(DuplicatePolicy.KEEP_FIRST);
    }

    void open(DuplicatePolicy duplicates) throws Exception {
        archive = new ForwardingArchive(directory, duplicates);
        node = archive.node("node1");
        node.start();
    }

    @AfterEach
    void close() {
        node.stop();
        archive.close();
    }

    void await(DeliveryState state, String study, String destination) throws Exception {
        try {
            Await.until(
                    study + " to " + destination + " is " + state,
                    Duration.ofSeconds(60),
                    () -> archive.is(state, study, destination));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + archive.find(study, destination), e);
        }
    }

    static Set<String> uids(String study, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(number -> uid(study, number))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    void rule(String... to) throws SQLException {
        archive.rule("all", Trigger.INSTANCE, "modality = CT", 5, to);
    }
}
