// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dozo.shared.Database;
import org.dozo.shared.TestDatabase;
import org.junit.jupiter.api.Test;

class SchemaIT {

    private static String problem(TestDatabase test) {
        return new SchemaCheck(new Database(test.unpooled())).problem().orElse("");
    }

    @Test
    void anEmptyDatabaseIsNotReadyUntilItIsMigrated() throws SQLException, IOException {
        TestDatabase test = TestDatabase.empty();
        assertTrue(problem(test).contains("./dozo migrate"), problem(test));
        assertEquals(versions().size(), Migration.migrate(test.url(), "postgres", Map.of()).migrationsExecuted);
        assertEquals("", problem(test));
        assertEquals(0, Migration.migrate(test.url(), "postgres", Map.of()).migrationsExecuted);
    }

    @Test
    void anOlderSchemaIsNotReadyAndANewerOneIs() throws SQLException {
        TestDatabase test = TestDatabase.migrated();
        test.execute("UPDATE flyway_schema_history SET version = '99' WHERE version = '" + SchemaCheck.REQUIRED + "'");
        assertEquals("", problem(test));
        test.execute("DELETE FROM flyway_schema_history WHERE version = '99'");
        assertTrue(problem(test).contains("this release needs " + SchemaCheck.REQUIRED), problem(test));
    }

    @Test
    void aFailedMigrationIsNotReady() throws SQLException {
        TestDatabase test = TestDatabase.migrated();
        test.execute("UPDATE flyway_schema_history SET success = false WHERE version = '" + SchemaCheck.REQUIRED + "'");
        assertTrue(problem(test).contains("failed"), problem(test));
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsNotReady() {
        org.postgresql.ds.PGSimpleDataSource nowhere = new org.postgresql.ds.PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://localhost:1/none");
        Optional<String> problem = new SchemaCheck(new Database(nowhere)).problem();
        assertTrue(problem.isPresent());
    }

    @Test
    void theRequiredVersionIsThatOfTheLastMigration() throws IOException {
        assertEquals(Collections.max(versions()), SchemaCheck.REQUIRED);
    }

    private static List<Integer> versions() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            return files.map(file -> file.getFileName().toString())
                    .map(name -> Integer.valueOf(name.substring(1, name.indexOf("__"))))
                    .toList();
        }
    }
}
