// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.access.AccessSettings;
import org.dozo.cluster.Node;
import org.dozo.cluster.NodeRegistry;
import org.dozo.cluster.NoticeBoard;
import org.dozo.cluster.RegisteredNode;
import org.dozo.index.ArchiveCounts;
import org.dozo.index.SeriesTally;
import org.dozo.jobs.JobCounts;
import org.dozo.jobs.Jobs;
import org.dozo.storage.ObjectStorage;

/** Asks each part for what it knows. A database that does not answer makes the status shorter, not late. */
@Singleton
public class StatusReader {

    private static final Logger LOG = Logger.getLogger(StatusReader.class.getName());
    private final Node node;
    private final NodeRegistry registry;
    private final NoticeBoard notices;
    private final SeriesTally tally;
    private final ObjectStorage storage;
    private final Jobs jobs;
    private final AccessSettings access;

    @Inject
    public StatusReader(
            Node node,
            NodeRegistry registry,
            NoticeBoard notices,
            SeriesTally tally,
            ObjectStorage storage,
            Jobs jobs,
            AccessSettings access) {
        this.node = node;
        this.registry = registry;
        this.notices = notices;
        this.tally = tally;
        this.storage = storage;
        this.jobs = jobs;
        this.access = access;
    }

    Status read() {
        Optional<ArchiveCounts> counts = Optional.empty();
        Map<String, JobCounts> numbers = Map.of();
        List<RegisteredNode> nodes = List.of();
        if (node.hasDatabase()) {
            try {
                nodes = notices.mark(registry.list());
                counts = Optional.of(tally.counts());
                numbers = jobs.counts();
            } catch (SQLException e) {
                LOG.log(Level.WARNING, "DOZO-WEB-003 The status is incomplete: the database does not answer", e);
            }
        }
        return new Status(
                node.version(), node.status(), nodes, counts, storage.volumes(), numbers, access.evaluation());
    }
}
