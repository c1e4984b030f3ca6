// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.dozo.index.DuplicatePolicy;
import org.dozo.index.InstanceIndex;
import org.dozo.index.ObjectLedger;
import org.dozo.index.PatientRegistry;
import org.dozo.ingest.Intakes;
import org.dozo.shared.Database;
import org.dozo.shared.NodeTerm;
import org.dozo.shared.TestDatabase;
import org.dozo.storage.AdoptedVolumes;
import org.dozo.storage.CopyLedger;
import org.dozo.storage.ObjectStorage;
import org.dozo.storage.RealStorage;

/** A node without network and container: it takes what a C-STORE brings into a real database and real volumes. */
final class BareNode implements AutoCloseable {

    /** How old a staging entry is at least that is settled. */
    private static final Duration RECOVERY = Duration.ofMillis(200);

    private final ObjectStorage storage;
    private final Intakes intake;

    /**
     * In the term that {@link #register} gave it.
     *
     * @param index its own, or one that does wrong
     * @param sight makes of the ledger the one that recovery asks
     */
    BareNode(
            String name,
            DataSource source,
            Collection<Path> volumes,
            InstanceIndex index,
            UnaryOperator<CopyLedger> sight)
            throws InterruptedException {
        Database database = new Database(source);
        ObjectLedger ledger = new ObjectLedger(database);
        storage = RealStorage.open(
                name, source, sight.apply(ledger), RECOVERY, AdoptedVolumes.none(), volumes.toArray(Path[]::new));
        intake = new Intakes(storage, database, index, ledger, new NodeTerm(name, 1));
    }

    /** As it is in the archive. */
    static BareNode open(String name, DataSource source, Collection<Path> volumes) throws InterruptedException {
        return new BareNode(name, source, volumes, index(), ledger -> ledger);
    }

    static InstanceIndex index() {
        return new InstanceIndex(new PatientRegistry(), DuplicatePolicy.KEEP_FIRST);
    }

    /** Puts the node on the list of nodes, in its first term. */
    static void register(TestDatabase test, String name) throws SQLException {
        test.execute("INSERT INTO node (name, epoch, incarnation) VALUES ('" + name + "', 1, gen_random_uuid())");
    }

    /** Does what the others do when a node has been silent for too long. */
    static void giveUp(TestDatabase test, String name) throws SQLException {
        test.execute("UPDATE node SET state = 'LOST', epoch = epoch + 1 WHERE name = '" + name + "'");
    }

    /** Returns when the object is acknowledged. */
    void take(Slice slice, InputStream dataSet) throws IOException {
        intake.take("CT1", slice.dataset(), Slice.SYNTAX, dataSet);
    }

    /** Returns when the object is acknowledged, and written down as that. */
    void take(Slice slice, SentObjects sent) throws IOException {
        sent.attempt(slice.uid());
        take(slice, new ByteArrayInputStream(slice.bytes()));
        sent.acknowledge(slice.uid(), slice.sha256());
    }

    @Override
    public void close() {
        storage.stop();
    }
}
