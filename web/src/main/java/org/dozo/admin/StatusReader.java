// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.access.AccessSettings;
import org.dozo.cluster.Node;
import org.dozo.index.ArchiveCounts;
import org.dozo.index.SeriesTally;
import org.dozo.jobs.JobCounts;
import org.dozo.jobs.Jobs;
import org.dozo.storage.ObjectStorage;

/** Asks each part for what it knows. A database that does not answer makes the status shorter, not late. */
@Singleton
public class StatusReader {

    private static final Logger LOG = Logger.getLogger(StatusReader.class.getName());
    private static final String VERSION =
            ResourceBundle.getBundle("org.dozo.admin.version").getString("version");

    private final Node node;
    private final SeriesTally tally;
    private final ObjectStorage storage;
    private final Jobs jobs;
    private final AccessSettings access;

    @Inject
    public StatusReader(Node node, SeriesTally tally, ObjectStorage storage, Jobs jobs, AccessSettings access) {
        this.node = node;
        this.tally = tally;
        this.storage = storage;
        this.jobs = jobs;
        this.access = access;
    }

    Status read() {
        Optional<ArchiveCounts> counts = Optional.empty();
        Map<String, JobCounts> numbers = Map.of();
        if (node.isReady()) {
            try {
                counts = Optional.of(tally.counts());
                numbers = jobs.counts();
            } catch (SQLException e) {
                LOG.log(Level.WARNING, "DOZO-WEB-003 The status is incomplete: the database does not answer", e);
            }
        }
        return new Status(VERSION, node.status(), counts, storage.volumes(), numbers, access.evaluation());
    }
}
