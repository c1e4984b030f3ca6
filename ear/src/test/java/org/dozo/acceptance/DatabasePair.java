// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** The database below a data directory, as {@code ./dozo} runs it: alone, or a primary and a synchronous standby on the next port. */
final class DatabasePair {

    private static final String FIRST = "database";
    private static final String SECOND = "database-standby";

    private final Path data;
    private final IntSupplier port;

    DatabasePair(Path data, IntSupplier port) {
        this.data = data;
        this.port = port;
    }

    /** Of the first; the second has the next one. */
    int port() {
        return port.getAsInt();
    }

    /** Whether there are two; to be asked when they run. */
    boolean isPaired() {
        return Files.isDirectory(data.resolve(SECOND));
    }

    /** The directory of the primary. */
    Path primary() throws IOException {
        return data.resolve(isFirstPrimary() ? FIRST : SECOND);
    }

    /** That of what was the primary before the last failover. */
    Path oldPrimary() throws IOException {
        return data.resolve(isFirstPrimary() ? SECOND : FIRST);
    }

    private boolean isFirstPrimary() throws IOException {
        Path pair = data.resolve("database.pair");
        return !Files.exists(pair) || Files.readString(pair).split(" ")[0].equals(FIRST);
    }

    boolean isPrimaryRunning() throws IOException {
        return Files.exists(pidFile())
                && ProcessHandle.of(pid()).map(ProcessHandle::isAlive).orElse(false);
    }

    /** The processes of the primary; those that it begins later are not among them. */
    List<ProcessHandle> processes() throws IOException {
        ProcessHandle postmaster = ProcessHandle.of(pid()).orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.children()).toList();
    }

    private long pid() throws IOException {
        return Long.parseLong(Files.readAllLines(pidFile()).getFirst());
    }

    private Path pidFile() throws IOException {
        return primary().resolve("postmaster.pid");
    }

    /** To the primary, whichever says that it is. */
    Connection connect() throws SQLException, IOException {
        String hosts = "127.0.0.1:" + port() + (isPaired() ? ",127.0.0.1:" + (port() + 1) : "");
        return connect(hosts + "/dozo?targetServerType=primary&hostRecheckSeconds=0", "dozo");
    }

    /** To the one that listens there, whichever it is. */
    Connection connect(int port) throws SQLException, IOException {
        return connect("127.0.0.1:" + port + "/dozo", "dozo");
    }

    /** To the primary, as its own administrator, whom no limit binds. */
    Connection administer() throws SQLException, IOException {
        return connect("127.0.0.1:" + (port() + (isFirstPrimary() ? 0 : 1)) + "/dozo", "postgres");
    }

    private Connection connect(String where, String user) throws SQLException, IOException {
        String password = Files.readString(data.resolve("secrets/database")).strip();
        return DriverManager.getConnection("jdbc:postgresql://" + where, user, password);
    }

    /** Every node must connect to the database anew. */
    void endConnectionsOfNodes() throws SQLException, IOException {
        try (Connection connection = connect()) {
            endConnectionsOfNodes(connection);
        }
    }

    /** Returns how many they were; none of them is left. */
    static int endConnectionsOfNodes(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var ended = statement.executeQuery("SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
                        + " WHERE application_name LIKE 'dozo-%'")) {
            ended.next();
            return ended.getInt(1);
        }
    }
}
