// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dozo.dicom.Peer;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A real node with a data directory and ports of its own, run by {@code ./dozo}; or several behind a balancer, whose ports are then
 * this one's. WildFly, PostgreSQL and the configured server are shared by all nodes of a test run. Ends only what it started.
 */
final class DozoNode implements Holdings, AutoCloseable {

    static final Path CHECKOUT = Path.of("").toAbsolutePath().getParent();
    private static final Path WORK = Path.of("target", "acceptance").toAbsolutePath();
    private static final Path BASE = WORK.resolve("base");
    /** An upgrade that is put back configures, drains, and waits for two starts of three minutes at most. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final Path data;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, Path> volumes = new LinkedHashMap<>();
    private final SentObjects sent = new SentObjects();
    private final Thread guard = new Thread(this::endQuietly);
    private final DatabasePair pair;
    private Path starter = CHECKOUT;
    private int nodes = 1;
    private boolean open = true;

    private DozoNode(Path data) {
        this.data = data;
        pair = new DatabasePair(data, () -> Integer.parseInt(settings.getOrDefault("database.port", "0")));
        int first = Ports.row(4, 0);
        settings.put("http.port", "" + first);
        settings.put("dicom.port", "" + (first + 1));
        settings.put("management.port", "" + (first + 2));
        settings.put("database.port", "" + (first + 3));
        settings.put("evaluation.enabled", "true");
        // Leftovers of a death are settled at the start; in doubt ones soon after, so that a checker need not wait a
        // minute.
        settings.put("storage.recovery-interval", "2 s");
        settings.put("storage.reserve", "64 MiB");
        volumes("main");
    }

    /** A node that does not run yet. */
    static DozoNode create(String name) throws IOException {
        Files.createDirectories(BASE.resolve("server"));
        Files.createDirectories(BASE.resolve("postgres"));
        Path data = Files.createTempDirectory(WORK, name + "-");
        Files.createSymbolicLink(data.resolve("server"), BASE.resolve("server"));
        Files.createSymbolicLink(data.resolve("postgres"), BASE.resolve("postgres"));
        DozoNode node = new DozoNode(data);
        Runtime.getRuntime().addShutdownHook(node.guard);
        return node;
    }

    DozoNode set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    /** So many, 100 ports apart, behind a balancer; before the first start. */
    DozoNode nodes(int count) {
        nodes = count;
        int first = Ports.row(7, count);
        set("http.port", "" + first);
        set("dicom.port", "" + (first + 1));
        set("management.port", "" + (first + 2));
        set("cluster.port", "" + (first + 5));
        return set("database.port", "" + (first + 3));
    }

    /** Another checkout, built, whose {@code ./dozo up} starts it: with its schema, its settings and its EAR. */
    DozoNode startedBy(Path checkout) {
        starter = checkout;
        return this;
    }

    /** An EAR that every node runs from its first start on, on the schema of this checkout. */
    DozoNode running(Path ear) throws IOException {
        for (int node = 1; node <= nodes; node++) {
            Path directory = Files.createDirectories(directory(node));
            Files.copy(ear, directory.resolve("dozo.ear"));
            Files.writeString(directory.resolve("release"), "given\n");
        }
        return this;
    }

    DozoNode unset(String key) {
        settings.remove(key);
        return this;
    }

    /** Volumes of these names below the data directory; they count from the next start. */
    DozoNode volumes(String... names) {
        volumes.clear();
        List<String> list = new ArrayList<>();
        for (String name : names) {
            volumes.put(name, data.resolve("volumes").resolve(name));
            list.add(name + "=" + volumes.get(name));
        }
        return set("storage.volumes", String.join(", ", list));
    }

    /** Starts database and node; returns when it is ready. Does nothing if it runs. */
    DozoNode up() throws IOException, InterruptedException {
        prepare();
        Shell.Result result = dozoOf(starter, "up", "--detach", "--nodes", "" + nodes);
        if (result.exit() != 0) {
            throw new AssertionError("./dozo up failed:\n" + result.output() + "\n" + logTail());
        }
        return this;
    }

    /** As {@link #up}, for a start that is to fail. */
    Shell.Result tryUp() throws IOException, InterruptedException {
        prepare();
        return dozo("up", "--detach", "--nodes", "" + nodes);
    }

    void kill9() throws IOException, InterruptedException {
        kill9(1);
    }

    /** A signal to the process of a node. */
    void signal(int node, String signal) throws IOException, InterruptedException {
        Shell.run(CHECKOUT, Map.of(), PATIENCE, List.of("kill", "-" + signal, "" + pid(node)))
                .orFail();
    }

    /** Whether the registry has a node in this state. */
    boolean isNode(int node, String state) throws SQLException, IOException {
        return count("SELECT count(*) FROM node WHERE name = 'node" + node + "' AND state = '" + state + "'") == 1;
    }

    /** Whether every node hears every other itself, not only by the database; each is asked. */
    boolean isInTouch() throws IOException, InterruptedException {
        for (int node = 1; node <= nodes; node++) {
            String seen = Shell.run("curl", "-sf", "http://127.0.0.1:" + (httpPort() + 100 * node) + "/api/nodes")
                    .orFail()
                    .output();
            if (seen.contains("\"inTouch\":false") || logged(node, "DOZO-CLU-001") == 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the node itself says so, past the balancer; not if it does not answer within 2 s. */
    boolean saysReady(int node) throws IOException, InterruptedException {
        return readiness(node).endsWith("200");
    }

    /** Whether the node answers that it is not. */
    boolean saysUnready(int node) throws IOException, InterruptedException {
        return readiness(node).endsWith("503");
    }

    /** The answer of its address for that, and the status after it. */
    private String readiness(int node) throws IOException, InterruptedException {
        String url = "http://127.0.0.1:" + (httpPort() + 100 * node) + "/health/ready";
        return Shell.run("curl", "-s", "-m", "2", "-w", "%{http_code}", url).output();
    }

    /** Lines of the node's log so far that have this in them. */
    long logged(int node, String part) throws IOException {
        return log(node).lines().filter(line -> line.contains(part)).count();
    }

    void killBalancer() throws IOException, InterruptedException {
        String pid = Files.readString(data.resolve("balancer/balancer.pid")).strip();
        Shell.run("kill", "-KILL", pid).orFail();
    }

    DatabasePair pair() {
        return pair;
    }

    /** Of node K: 100·K more, and the next one. */
    int clusterPort() {
        return Integer.parseInt(settings.getOrDefault("cluster.port", "0"));
    }

    void kill9(int node) throws IOException, InterruptedException {
        dozo("node", "kill", "" + node).orFail();
    }

    void start(int node) throws IOException, InterruptedException {
        dozo("node", "start", "" + node).orFail();
    }

    int nodes() {
        return nodes;
    }

    void stop() throws IOException, InterruptedException {
        stop(1);
    }

    void stop(int node) throws IOException, InterruptedException {
        dozo("node", "stop", "" + node).orFail();
    }

    /** All that the broker of a node kept, which must not run. */
    void deleteJournal(int node) throws IOException {
        Path journal = directory(node).resolve("data/activemq");
        if (isRunning(node) || !Files.isDirectory(journal)) {
            throw new AssertionError(
                    "node" + node + " runs, or its broker keeps its journal elsewhere than in " + journal);
        }
        deleteTree(journal);
    }

    void restart() throws IOException, InterruptedException {
        stop();
        up();
    }

    Shell.Result dozo(String... arguments) throws IOException, InterruptedException {
        return dozoOf(CHECKOUT, arguments);
    }

    private Shell.Result dozoOf(Path checkout, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(checkout.resolve("dozo").toString());
        command.addAll(List.of(arguments));
        command.add("--data");
        command.add(data.toString());
        return Shell.run(CHECKOUT, Map.of("JAVA_HOME", System.getProperty("java.home")), PATIENCE, command);
    }

    /** What {@code ./dozo status --json} says. */
    Map<String, Object> status() throws IOException, InterruptedException {
        String json = dozo("status", "--json").orFail().output();
        @SuppressWarnings("unchecked")
        Map<String, Object> status =
                (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(json);
        return status;
    }

    /** What {@code /metrics} says to the operator. */
    String metrics() throws IOException, InterruptedException {
        status(); // The first command that asks the node makes the operator's secret.
        String secret = Files.readString(data.resolve("secrets/operator")).strip();
        return Shell.run(
                        "curl",
                        "-sf",
                        "-H",
                        "Authorization: Bearer " + secret,
                        "http://127.0.0.1:" + httpPort() + "/metrics")
                .orFail()
                .output();
    }

    @Override
    public Connection database() throws SQLException, IOException {
        return pair.connect();
    }

    Peer peer() {
        return new Peer("DOZO", "127.0.0.1", dicomPort(), false);
    }

    /** A member of a cluster, past the balancer. */
    Peer peer(int member) {
        return new Peer("DOZO", "127.0.0.1", dicomPort() + 100 * member, false);
    }

    /** What each node says it is, in their order. */
    List<String> versions() throws SQLException, IOException {
        List<String> versions = new ArrayList<>();
        try (Connection connection = database();
                var statement = connection.createStatement();
                var found = statement.executeQuery("SELECT version FROM node ORDER BY name")) {
            while (found.next()) {
                versions.add(found.getString(1));
            }
        }
        return versions;
    }

    int dicomPort() {
        return Integer.parseInt(settings.getOrDefault("dicom.port", "0"));
    }

    int httpPort() {
        return Integer.parseInt(settings.getOrDefault("http.port", "0"));
    }

    @Override
    public int minCopies() {
        return Integer.parseInt(settings.getOrDefault("storage.min-copies", "1"));
    }

    Path data() {
        return data;
    }

    /** Directories by the volumes' names. */
    @Override
    public Map<String, Path> volumes() {
        return volumes;
    }

    /** All that any test ever sent to this node. */
    @Override
    public SentObjects sent() {
        return sent;
    }

    long pid() throws IOException {
        return pid(1);
    }

    long pid(int node) throws IOException {
        return Long.parseLong(Files.readString(pidFile(node)).strip());
    }

    private Path pidFile(int node) {
        return directory(node).resolve("node.pid");
    }

    private Path directory(int node) {
        return data.resolve("nodes/node" + node);
    }

    boolean isRunning() throws IOException {
        return isRunning(1);
    }

    boolean isRunning(int node) throws IOException {
        return Files.exists(pidFile(node))
                && ProcessHandle.of(pid(node)).map(ProcessHandle::isAlive).orElse(false);
    }

    /** What a refused caller might leave behind: open files of the volumes, and connections to the DICOM port. */
    int held() throws IOException {
        int held = 0;
        try (Stream<Path> entries = Files.list(Path.of("/proc", "" + pid(), "fd"))) {
            for (Path entry : entries.toList()) {
                held += volumes.values().stream()
                                .anyMatch(volume -> target(entry).startsWith(volume + "/"))
                        ? 1
                        : 0;
            }
        }
        String port = ":%04X".formatted(dicomPort());
        for (String line : Files.readAllLines(Path.of("/proc/net/tcp"))) {
            String[] words = line.strip().split("\\s+");
            // 01 ESTABLISHED, 08 CLOSE_WAIT: those that the server has not closed.
            held += words[1].endsWith(port) && (words[3].equals("01") || words[3].equals("08")) ? 1 : 0;
        }
        return held;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** Platform threads of the server's process. */
    int threads() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", "" + pid(), "task"))) {
            return (int) entries.count();
        }
    }

    boolean isReady() throws IOException, InterruptedException {
        return Boolean.TRUE.equals(status().get("ready"));
    }

    /** The state of each volume as {@code /api/status} says it, by name. */
    Map<String, String> volumeStates() throws IOException, InterruptedException {
        Map<String, String> states = new LinkedHashMap<>();
        for (Object volume : (List<?>) status().getOrDefault("volumes", List.of())) {
            Map<?, ?> fields = (Map<?, ?>) volume;
            states.put(String.valueOf(fields.get("name")), String.valueOf(fields.get("state")));
        }
        return states;
    }

    /** The one number that a query gives. */
    long count(String sql) throws SQLException, IOException {
        try (Connection connection = database();
                var statement = connection.createStatement();
                var found = statement.executeQuery(sql)) {
            found.next();
            return found.getLong(1);
        }
    }

    /** Files in the staging directories of all volumes. */
    int staged() throws IOException {
        int count = 0;
        for (Path volume : volumes.values()) {
            Path staging = volume.resolve("staging");
            if (Files.isDirectory(staging)) {
                try (Stream<Path> entries = Files.list(staging)) {
                    count += (int) entries.filter(
                                    entry -> !entry.getFileName().toString().startsWith("probe-"))
                            .count();
                }
            }
        }
        return count;
    }

    String log() throws IOException {
        return log(1);
    }

    private String log(int node) throws IOException {
        Path log = directory(node).resolve("log/server.log");
        return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
    }

    String logTail() throws IOException {
        List<String> lines = log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    /** Kills the node, stops its database and deletes all it kept. */
    @Override
    public void close() throws IOException {
        if (!open) {
            return;
        }
        open = false;
        Runtime.getRuntime().removeShutdownHook(guard);
        try {
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        deleteTree(data);
    }

    private void prepare() throws IOException {
        // "mvn verify" has just built it; a nested build would write under the feet of this one.
        Path ear = CHECKOUT.resolve("ear/target/dozo.ear");
        if (Files.exists(ear)) {
            Files.setLastModifiedTime(ear, FileTime.from(Instant.now()));
        }
        // Tests start nodes by the dozen and measure none.
        settings.putIfAbsent("node.rehearsal", "0 s");
        writeSettings();
    }

    /** They count from a node's next start. */
    void writeSettings() throws IOException {
        StringBuilder text = new StringBuilder();
        settings.forEach(
                (key, value) -> text.append(key).append('=').append(value).append('\n'));
        Files.writeString(data.resolve("dozo.properties"), text);
    }

    private void end() throws IOException, InterruptedException {
        for (int node = 1; node <= nodes; node++) {
            if (isRunning(node)) {
                ProcessHandle.of(pid(node)).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        dozo("down");
    }

    private void endQuietly() {
        try {
            end();
        } catch (IOException | InterruptedException | AssertionError e) {
            System.err.println("The node in " + data + " could not be ended: " + e);
        }
    }

    private static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException error) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
