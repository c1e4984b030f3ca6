// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Two readers that ask for one of the objects that a {@link Load} had acknowledged last, by DCMTK's {@code findscu} and by QIDO-RS,
 * until they are told to stop. Each asks again when it was not answered; an answer without the object is wrong.
 */
final class Readers implements AutoCloseable {

    private static final long PAUSE_NANOS = 500_000_000;
    private static final Pattern FOUND = Pattern.compile("Find Response:? 1 \\(Pending\\)");
    private static final String TURNED_AWAY = "Result: Rejected Transient";

    private final DozoNode node;
    private final Load load;
    private final Web web;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Moments found = new Moments();
    private final Moments listed = new Moments();
    private final AtomicInteger refused = new AtomicInteger();
    private final Queue<String> failed = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private volatile boolean running = true;

    /** One way to ask; throws if it is not answered. */
    private interface Door {
        boolean has(Uids uids) throws IOException, InterruptedException;
    }

    private Readers(DozoNode node, Load load) {
        this.node = node;
        this.load = load;
        web = new Web(node);
    }

    static Readers start(DozoNode node, Load load) {
        Readers readers = new Readers(node, load);
        readers.threads.execute(() -> readers.read("C-FIND", readers::findscu, readers.found));
        readers.threads.execute(() -> readers.read("QIDO-RS", readers::qido, readers.listed));
        return readers;
    }

    private void read(String name, Door door, Moments answered) {
        while (running) {
            Optional<Uids> newest = load.newest().map(slice -> Uids.of(slice.sopInstanceUid()));
            if (newest.isPresent()) {
                try {
                    if (door.has(newest.get())) {
                        answered.add();
                    } else {
                        wrong.add(name + " does not know " + newest.get().instance());
                    }
                } catch (IOException e) {
                    if (String.valueOf(e.getMessage()).contains(TURNED_AWAY)) {
                        refused.incrementAndGet();
                    } else {
                        failed.add(name + " " + newest.get().instance() + ": " + e);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private boolean findscu(Uids uids) throws IOException, InterruptedException {
        Shell.Result result = Shell.run(
                "findscu",
                "-v",
                "-S",
                "-to",
                "5",
                "-td",
                "30",
                "-aec",
                "DOZO",
                "-k",
                "QueryRetrieveLevel=IMAGE",
                "-k",
                "StudyInstanceUID=" + uids.study(),
                "-k",
                "SeriesInstanceUID=" + uids.series(),
                "-k",
                "SOPInstanceUID=" + uids.instance(),
                "127.0.0.1",
                "" + node.dicomPort());
        if (result.exit() != 0 || !result.output().contains("(Success)")) {
            throw new IOException(result.output());
        }
        return FOUND.matcher(result.output()).find();
    }

    private boolean qido(Uids uids) throws IOException, InterruptedException {
        HttpResponse<String> answer = web.get(uids.seriesPath() + "/instances?SOPInstanceUID=" + uids.instance());
        if (answer.statusCode() >= 500) {
            throw new IOException("status " + answer.statusCode());
        }
        return answer.statusCode() == 200 && answer.body().contains("\"" + uids.instance() + "\"");
    }

    int answered() {
        return found.count() + listed.count();
    }

    /** How often an association was rejected as transient (PS3.8 §9.3.4), as a node that drains does with late ones. */
    int refused() {
        return refused.get();
    }

    /** What came instead of an answer, but for those: a cut connection, an abort, an HTTP status of 500 or more. */
    List<String> failed() {
        return List.copyOf(failed);
    }

    /** Answers without an object that was acknowledged before the question. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** Both have one more answer. */
    void awaitAnswered() throws Exception {
        int byFind = found.count();
        int byWeb = listed.count();
        Await.until(
                "C-FIND and QIDO-RS are answered",
                Duration.ofSeconds(60),
                () -> found.count() > byFind && listed.count() > byWeb);
    }

    /** The longest that either waited for an answer, from that moment of {@link System#nanoTime} on. */
    Duration longestSilenceSince(long nanos) {
        Duration byFind = found.longestSilenceSince(nanos);
        Duration byWeb = listed.longestSilenceSince(nanos);
        return byFind.compareTo(byWeb) > 0 ? byFind : byWeb;
    }

    @Override
    public void close() {
        running = false;
        threads.shutdown();
        try {
            if (threads.awaitTermination(90, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        throw new AssertionError("The readers did not end");
    }
}
