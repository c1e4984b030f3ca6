// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
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
 * until they are told to stop. Each asks again when it was refused; an answer without the object is wrong.
 */
final class Readers implements AutoCloseable {

    private static final long PAUSE_NANOS = 250_000_000;
    private static final Pattern FOUND = Pattern.compile("Find Response:? 1 \\(Pending\\)");

    private final DozoNode node;
    private final Load load;
    private final Web web;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Moments found = new Moments();
    private final Moments listed = new Moments();
    private final AtomicInteger refused = new AtomicInteger();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private volatile boolean running = true;

    /** One way to ask; throws if it is refused. */
    private interface Door {
        boolean has(String study, String series, String instance) throws IOException, InterruptedException;
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
            TestObject newest = load.newest();
            if (newest != null) {
                String instance = newest.sopInstanceUid();
                String series = instance.substring(0, instance.lastIndexOf('.'));
                String study = series.substring(0, series.lastIndexOf('.'));
                try {
                    if (door.has(study, series, instance)) {
                        answered.add();
                    } else {
                        wrong.add(name + " does not know " + instance);
                    }
                } catch (IOException e) {
                    refused.incrementAndGet();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private boolean findscu(String study, String series, String instance) throws IOException, InterruptedException {
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
                "StudyInstanceUID=" + study,
                "-k",
                "SeriesInstanceUID=" + series,
                "-k",
                "SOPInstanceUID=" + instance,
                "127.0.0.1",
                "" + node.dicomPort());
        if (result.exit() != 0 || !result.output().contains("(Success)")) {
            throw new IOException(result.output());
        }
        return FOUND.matcher(result.output()).find();
    }

    private boolean qido(String study, String series, String instance) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                web.get("/dicomweb/studies/" + study + "/series/" + series + "/instances?SOPInstanceUID=" + instance);
        if (answer.statusCode() >= 500) {
            throw new IOException("status " + answer.statusCode());
        }
        return answer.statusCode() == 200 && answer.body().contains("\"" + instance + "\"");
    }

    int answered() {
        return found.count() + listed.count();
    }

    int refused() {
        return refused.get();
    }

    /** Answers without an object that was acknowledged before the question. */
    List<String> wrong() {
        return List.copyOf(wrong);
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
