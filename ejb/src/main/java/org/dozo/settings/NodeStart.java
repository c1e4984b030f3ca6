// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.logging.Logger;
import org.dozo.index.SchemaCheck;
import org.dozo.index.SeriesTally;
import org.dozo.storage.ObjectStorage;
import org.jspecify.annotations.NullUnmarked;

/**
 * Starts the node before its doors open: settings, volumes and their recovery, the ticker of the counters. A database that does not
 * answer yet stops nothing: the node waits for it, not ready.
 */
@Singleton
@Startup
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@NullUnmarked
public class NodeStart {

    private static final Logger LOG = Logger.getLogger(NodeStart.class.getName());
    private static final Duration FOLD_INTERVAL = Duration.ofSeconds(1);

    @Inject
    private NodeSettings settings;

    @Inject
    private SchemaCheck schema;

    @Inject
    private ObjectStorage storage;

    @Inject
    private SeriesTally tally;

    @PostConstruct
    void start() {
        schema.problem()
                .ifPresent(problem ->
                        LOG.severe(() -> "DOZO-SET-001 Node " + settings.node() + " is not ready: " + problem));
        try {
            storage.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The start was interrupted while the volumes were looked at", e);
        }
        tally.start(FOLD_INTERVAL);
    }

    @PreDestroy
    void stop() {
        tally.close();
        storage.stop();
    }
}
