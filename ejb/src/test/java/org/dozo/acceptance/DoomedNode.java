// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.dozo.index.DuplicatePolicy;
import org.dozo.index.InstanceIndex;
import org.dozo.index.NewInstance;
import org.dozo.index.PatientRegistry;
import org.dozo.index.Recorded;
import org.dozo.shared.Await;
import org.dozo.shared.Database;
import org.dozo.shared.TestDatabase;
import org.dozo.storage.Mount;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * {@code node1} in a process of its own, which is killed. Some senders at once: each has its objects acknowledged, and then stops in the
 * middle of one more, so that the death always finds work under way.
 */
final class DoomedNode implements AutoCloseable {

    private static final int SENDERS = 3;
    private static final int OBJECTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String TRIED = "TRIED ";
    private static final String ACKNOWLEDGED = "ACKNOWLEDGED ";
    private static final String HALF = "HALF";

    private final Process process;
    private final SentObjects sent;
    private final List<String> answers = new CopyOnWriteArrayList<>();

    private DoomedNode(Process process, SentObjects sent) {
        this.process = process;
        this.sent = sent;
        Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(answers::add));
    }

    /** When the node acknowledges an object. */
    enum Acknowledgement {
        AFTER_COMMIT,
        BEFORE_COMMIT
    }

    /**
     * Starts it and its senders.
     *
     * @param tool a command that runs another, such as strace
     */
    static DoomedNode start(
            List<String> tool, TestDatabase test, Acknowledgement when, Collection<Path> volumes, SentObjects sent)
            throws IOException {
        List<String> command = new ArrayList<>(tool);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classes, DoomedNode.class.getName(), test.url(), when.name()));
        volumes.forEach(volume -> command.add(volume.toString()));
        return new DoomedNode(
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start(),
                sent);
    }

    /** Returns when all that it acknowledges is acknowledged, and every sender is in the middle of an object. */
    void awaitMidst() throws Exception {
        Await.until("all senders are in the middle of an object", PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("The node has ended: " + answers);
            }
            return answers.stream().filter(HALF::equals).count() == SENDERS;
        });
        for (String answer : answers) {
            String[] words = answer.split(" ");
            if (answer.startsWith(ACKNOWLEDGED)) {
                sent.acknowledge(words[1], words[2]);
            } else if (answer.startsWith(TRIED)) {
                sent.attempt(words[1]);
            }
        }
    }

    /** By SIGSTOP: it writes nothing any more. */
    void freeze() throws IOException {
        for (ProcessHandle each : Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList()) {
            Mount.run("kill", "-STOP", "" + each.pid());
        }
    }

    /** By SIGKILL; returns when it is dead. */
    void kill() {
        // Under a tool the node is the tool's child, and would outlive it.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        kill();
    }

    /** The process. It ends with its parent. */
    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(System.out, true);
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(arguments[0]);
        database.setUser("postgres");
        InstanceIndex index = Acknowledgement.valueOf(arguments[1]) == Acknowledgement.BEFORE_COMMIT
                ? new HastyIndex()
                : BareNode.index();
        List<Path> volumes = Arrays.stream(arguments).skip(2).map(Path::of).toList();
        BareNode node = new BareNode("node1", database, volumes, index, ledger -> ledger);
        for (int sender = 1; sender <= SENDERS; sender++) {
            String study = "1.2.3." + sender;
            Thread.ofPlatform().start(() -> send(node, study, answers));
        }
        while (System.in.read() >= 0) {
            // Nobody says anything: the end is the parent's.
        }
        Runtime.getRuntime().halt(0);
    }

    private static void send(BareNode node, String study, PrintStream answers) {
        try {
            for (int number = 1; number <= OBJECTS; number++) {
                Slice slice = Slice.of(study, number, number);
                answers.println(TRIED + slice.uid());
                node.take(slice, new ByteArrayInputStream(slice.bytes()));
                answers.println(ACKNOWLEDGED + slice.uid() + " " + slice.sha256());
            }
            Slice last = Slice.of(study, OBJECTS + 1, OBJECTS + 1);
            answers.println(TRIED + last.uid());
            node.take(last, new Stalling(last.bytes(), answers));
            throw new IllegalStateException("Half an object was taken");
        } catch (IOException | RuntimeException e) {
            answers.println("FAILED " + e);
            Runtime.getRuntime().halt(1);
        }
    }

    /** Gives half of its bytes, says so, and then nothing any more. */
    private static final class Stalling extends InputStream {

        private final ByteArrayInputStream half;
        private final PrintStream answers;

        Stalling(byte[] bytes, PrintStream answers) {
            this.half = new ByteArrayInputStream(bytes, 0, bytes.length / 2);
            this.answers = answers;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) == 1 ? Byte.toUnsignedInt(one[0]) : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            int read = half.read(bytes, offset, length);
            if (read < 0) {
                answers.println(HALF);
                while (true) {
                    LockSupport.park(this);
                }
            }
            return read;
        }
    }

    /** Says of an object that it is recorded, and records it when five more have come. */
    private static final class HastyIndex extends InstanceIndex {

        private static final int BEHIND = 5;

        private final Queue<NewInstance> waiting = new ArrayDeque<>();

        HastyIndex() {
            super(new PatientRegistry(), DuplicatePolicy.KEEP_FIRST);
        }

        @Override
        public synchronized Optional<Recorded> recordAtOnce(Database database, NewInstance newcomer)
                throws SQLException {
            waiting.add(newcomer);
            if (waiting.size() > BEHIND) {
                NewInstance oldest = waiting.remove();
                database.transaction((Connection connection) -> record(connection, oldest));
            }
            return Optional.of(new Recorded(Recorded.Outcome.NEW, 0, 0, Set.of(), null));
        }
    }
}
