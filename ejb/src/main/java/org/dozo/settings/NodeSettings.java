// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import org.dozo.access.AccessSettings;
import org.dozo.access.Balancers;
import org.dozo.access.DestinationSettings;
import org.dozo.cluster.NodeStart;
import org.dozo.dicom.NodeProperties;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.index.DuplicatePolicy;
import org.dozo.jobs.JobSettings;
import org.dozo.shared.NodeName;
import org.dozo.storage.AdoptedVolumes;
import org.dozo.storage.StorageSettings;

/**
 * All settings of this node, bound when it starts: a value out of range or a key that nobody knows stops the start. The keys
 * {@code dicom.*} belong to the resource adapter, which checks them itself.
 */
@Singleton
public class NodeSettings {

    private final NodeName node;
    private final NodeStart start;
    private final AccessSettings access;
    private final Balancers balancers;
    private final StorageSettings storage;
    private final ParseLimits limits;
    private final DuplicatePolicy duplicates;
    private final QidoSettings qido;
    private final StowSettings stow;
    private final QuerySettings queries;
    private final ImportSettings imports;
    private final AdoptedVolumes adopted;
    private final DestinationSettings destinations;
    private final ForwardSettings forward;
    private final AvailabilitySettings availability;
    private final JobSettings jobs;

    /** @throws IOException if the file can't be read */
    @Inject
    public NodeSettings() throws IOException {
        this(NodeProperties.ofThisNode());
    }

    /** @throws IllegalArgumentException naming key, value and range, or the keys that are not known */
    public NodeSettings(NodeProperties properties) {
        node = new NodeName(properties.text("node.name", "node1"));
        start = NodeStart.of(properties);
        access = AccessSettings.from(properties);
        balancers = Balancers.from(properties);
        storage = StorageSettings.of(properties);
        limits = ParseLimits.from(properties);
        duplicates = duplicates(properties);
        qido = QidoSettings.of(properties);
        stow = StowSettings.of(properties);
        queries = QuerySettings.from(properties);
        adopted = AdoptedVolumes.of(properties, storage);
        imports = ImportSettings.of(properties);
        destinations = DestinationSettings.from(properties);
        forward = ForwardSettings.from(properties);
        availability = AvailabilitySettings.from(properties);
        jobs = JobSettings.of(properties);
        checkLaunch(properties);
        properties.refuseUnknownExcept("dicom.");
    }

    private static DuplicatePolicy duplicates(NodeProperties properties) {
        String value = properties.text("ingest.duplicates", "keep-first");
        return switch (value) {
            case "keep-first" -> DuplicatePolicy.KEEP_FIRST;
            case "keep-latest" -> DuplicatePolicy.KEEP_LATEST;
            default ->
                throw new IllegalArgumentException(
                        "dozo.properties: ingest.duplicates=" + value + " is neither keep-first nor keep-latest");
        };
    }

    /** What {@code ./dozo} reads to configure the server: known here, so that a misspelt key is noticed, and in its range. */
    private static void checkLaunch(NodeProperties properties) {
        properties.text("http.bind", "");
        properties.integer("http.port", 8080, 1, 65535);
        properties.integer("management.port", 9990, 1, 65535);
        properties.integer("database.port", 15432, 1, 65535);
        properties.text("database.url", "");
        properties.text("database.user", "");
        properties.text("database.password-file", "");
        properties.bytes("server.heap", 512L << 20);
        properties.text("server.java-options", "");
        properties.integer("database.pool-size", 32, 2, 1000);
        properties.duration("database.statement-timeout", Duration.ofSeconds(30));
        properties.duration("database.lock-timeout", Duration.ofSeconds(10));
        properties.duration("database.socket-timeout", Duration.ofSeconds(20));
        properties.duration("database.connect-timeout", Duration.ofSeconds(5));
    }

    @Produces
    NodeName node() {
        return node;
    }

    @Produces
    NodeStart start() {
        return start;
    }

    @Produces
    AccessSettings access() {
        return access;
    }

    @Produces
    Balancers balancers() {
        return balancers;
    }

    @Produces
    StorageSettings storage() {
        return storage;
    }

    @Produces
    ParseLimits limits() {
        return limits;
    }

    @Produces
    DuplicatePolicy duplicates() {
        return duplicates;
    }

    @Produces
    QidoSettings qido() {
        return qido;
    }

    @Produces
    StowSettings stow() {
        return stow;
    }

    @Produces
    QuerySettings queries() {
        return queries;
    }

    @Produces
    AdoptedVolumes adopted() {
        return adopted;
    }

    @Produces
    ImportSettings imports() {
        return imports;
    }

    @Produces
    DestinationSettings destinations() {
        return destinations;
    }

    @Produces
    AvailabilitySettings availability() {
        return availability;
    }

    @Produces
    ForwardSettings forward() {
        return forward;
    }

    @Produces
    JobSettings jobs() {
        return jobs;
    }
}
