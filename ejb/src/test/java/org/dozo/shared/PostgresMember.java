// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/** One PostgreSQL of Debian's in a directory of its own, that can have a standby. */
final class PostgresMember {

    private static final Path RELEASES = Path.of("/usr/lib/postgresql");

    private final Path programs;
    private final Path data;
    private final int port;

    private PostgresMember(Path programs, Path data) throws IOException {
        this.programs = programs;
        this.data = data;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
    }

    /** Where the newest one's programs are; empty if there is none. */
    static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(RELEASES)) {
            return Optional.empty();
        }
        try (var releases = Files.list(RELEASES)) {
            return releases.map(release -> release.resolve("bin"))
                    .filter(programs -> Files.isExecutable(programs.resolve("pg_basebackup")))
                    .max(Comparator.naturalOrder());
        }
    }

    /** A new database "dozo" of a role "dozo" that may nothing else; runs. */
    static PostgresMember create(Path programs, Path data) throws Exception {
        PostgresMember member = new PostgresMember(programs, data);
        member.run("initdb", "-D", data.toString(), "-U", "postgres", "-A", "trust", "--no-sync");
        member.start();
        try (var connection = source("postgres", "postgres", member).getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE ROLE dozo LOGIN");
            statement.execute("CREATE DATABASE dozo OWNER dozo");
        }
        return member;
    }

    /** A standby of this one, as it is now; runs. */
    PostgresMember standby(Path data) throws Exception {
        PostgresMember standby = new PostgresMember(programs, data);
        run(
                "pg_basebackup",
                "-D",
                data.toString(),
                "-R",
                "-X",
                "stream",
                "-c",
                "fast",
                "-d",
                "host=127.0.0.1 port=" + port + " user=postgres");
        standby.start();
        return standby;
    }

    void start() throws Exception {
        control(
                "-l",
                data.resolveSibling(data.getFileName() + ".log").toString(),
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off",
                "start");
    }

    /** At once, without a farewell. */
    void stop() throws Exception {
        control("-m", "immediate", "stop");
    }

    void promote() throws Exception {
        control("promote");
    }

    boolean runs() {
        return Files.exists(data.resolve("postmaster.pid"));
    }

    /** Connections as Dozo has them: the first of these that says it is a primary. */
    static PGSimpleDataSource source(PostgresMember... members) {
        return source("dozo", "dozo", members);
    }

    private static PGSimpleDataSource source(String user, String database, PostgresMember... members) {
        List<String> hosts = new ArrayList<>();
        for (PostgresMember member : members) {
            hosts.add("127.0.0.1:" + member.port);
        }
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl("jdbc:postgresql://" + String.join(",", hosts) + "/" + database
                + "?targetServerType=primary&hostRecheckSeconds=1&socketTimeout=30");
        source.setUser(user);
        return source;
    }

    /** As Dozo's user. */
    void execute(String sql) throws SQLException {
        try (var connection = source(this).getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row. */
    long number(String sql) throws SQLException {
        try (var connection = source(this).getConnection();
                var row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public String toString() {
        return "127.0.0.1:" + port;
    }

    void end() throws Exception {
        if (runs()) {
            stop();
        }
    }

    private void control(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("-D", data.toString(), "-w", "-t", "60"));
        all.addAll(List.of(arguments));
        run("pg_ctl", all.toArray(String[]::new));
    }

    /** PostgreSQL does not run as root; in a user namespace of its own root is nobody. */
    private void run(String program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "--user", "--"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("postgres", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                boolean ended = process.waitFor(90, TimeUnit.SECONDS);
                assertEquals(0, ended ? process.exitValue() : -1, () -> command + ": " + content(output));
            } finally {
                process.destroyForcibly();
            }
        } finally {
            Files.delete(output);
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
