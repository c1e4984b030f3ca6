// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import jakarta.annotation.Resource;
import jakarta.enterprise.inject.Produces;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Hands the server's pool to those who ask for a data source. */
public class DataSources {

    /** Configured outside of JTA ({@code jta=false}), see {@code docs/adr/0002-sql-not-jpa.md}. */
    @Resource(lookup = "java:jboss/datasources/DozoDS")
    private @Nullable DataSource pool;

    @Produces
    DataSource dataSource() {
        if (pool == null) {
            throw new IllegalStateException("The server has no data source java:jboss/datasources/DozoDS");
        }
        return pool;
    }
}
