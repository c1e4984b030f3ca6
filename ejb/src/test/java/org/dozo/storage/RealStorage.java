// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import javax.sql.DataSource;

/** Opens storage over a real database and directories, for tests of other packages. */
public final class RealStorage {

    private RealStorage() {}

    /** Started; one volume a directory, as many copies. */
    public static ObjectStorage open(DataSource database, CopyLedger ledger, Duration recovery, Path... volumes)
            throws InterruptedException {
        return open(database, ledger, recovery, AdoptedVolumes.none(), volumes);
    }

    /** As above, with trees of another archive. */
    public static ObjectStorage open(
            DataSource database, CopyLedger ledger, Duration recovery, AdoptedVolumes adopted, Path... volumes)
            throws InterruptedException {
        return open("node1", database, ledger, recovery, adopted, volumes);
    }

    /** As above, of a node of that name. */
    public static ObjectStorage open(
            String node,
            DataSource database,
            CopyLedger ledger,
            Duration recovery,
            AdoptedVolumes adopted,
            Path... volumes)
            throws InterruptedException {
        ObjectStorage storage = stopped(node, database, ledger, recovery, adopted, volumes);
        storage.start();
        return storage;
    }

    /** As above, but not started. */
    public static ObjectStorage stopped(
            String node,
            DataSource database,
            CopyLedger ledger,
            Duration recovery,
            AdoptedVolumes adopted,
            Path... volumes) {
        SequencedMap<String, Path> named = new LinkedHashMap<>();
        for (Path volume : volumes) {
            named.put("v" + named.size(), volume);
        }
        StorageSettings settings = new StorageSettings(
                node,
                named,
                volumes.length,
                0,
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                recovery,
                64 << 10,
                true);
        return new ObjectStorage(
                settings, adopted, new DatabaseVolumeRegistry(database), ledger, new SimpleMeterRegistry());
    }
}
