// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import jakarta.annotation.Resource;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Hands the server's pool to those who ask for a data source, behind the fence against an old primary. */
public class DataSources {

    /** In the server's own directory: which database this node follows, {@code docs/adr/0017-database-fence.md}. */
    private static final String HISTORY = "database.history";

    /** Configured outside of JTA ({@code jta=false}), see {@code docs/adr/0002-sql-not-jpa.md}. */
    @Resource(lookup = "java:jboss/datasources/DozoDS")
    private @Nullable DataSource pool;

    @Produces
    @Singleton
    DataSource dataSource() {
        if (pool == null) {
            throw new IllegalStateException("The server has no data source java:jboss/datasources/DozoDS");
        }
        // As config/wildfly/30-datasource.cli gives them to the pool.
        OtherHosts others = new OtherHosts(
                System.getProperty("dozo.database.url", ""),
                System.getenv("DOZO_DATABASE_USER"),
                System.getenv("DOZO_DATABASE_PASSWORD"));
        Path file = Path.of(System.getProperty("jboss.server.data.dir", "."), HISTORY);
        return new FencedDataSource(pool, others, new DatabaseFence(file));
    }
}
