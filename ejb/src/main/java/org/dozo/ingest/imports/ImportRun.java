// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.DicomLimitException;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.ingest.imports.Verdict.Receipt;
import org.dozo.settings.ImportSettings;
import org.dozo.shared.Bytes;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * One import, batch by batch: the journal is asked which files are known, the others are read by several threads, and the journal is
 * told. Memory holds one batch, whatever the number of files. A death costs the reading of one batch again, and nothing else.
 */
final class ImportRun implements Runnable {

    private static final int BATCH_FILES = 256;
    private static final long BATCH_BYTES = 1L << 30;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Logger LOG = Logger.getLogger(ImportRun.class.getName());

    private final String id;
    private final List<Path> roots;
    private final boolean inPlace;
    private final FileTree tree;
    private final Intake intake;
    private final ImportJournal journal;
    private final ImportReport report;
    private final ParseLimits limits;
    private final ImportSettings settings;

    private final Tally tally = new Tally();
    private final Census census;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final long startNanos = System.nanoTime();
    private final Map<Bytes, Candidate> batch = new LinkedHashMap<>();
    private long batchBytes;
    private volatile ImportState state = ImportState.RUNNING;
    private volatile String message = "";
    private volatile long endNanos;

    ImportRun(
            String id,
            List<Path> roots,
            boolean inPlace,
            FileTree tree,
            Intake intake,
            ImportJournal journal,
            ImportReport report,
            ParseLimits limits,
            ImportSettings settings) {
        this.id = id;
        this.roots = List.copyOf(roots);
        this.inPlace = inPlace;
        this.tree = tree;
        this.intake = intake;
        this.journal = journal;
        this.report = report;
        this.limits = limits;
        this.settings = settings;
        this.census = new Census(roots, tree, this::isStopping);
    }

    List<Path> roots() {
        return roots;
    }

    boolean isInPlace() {
        return inPlace;
    }

    boolean isRunning() {
        return state == ImportState.RUNNING;
    }

    ImportProgress progress() {
        long end = isRunning() ? System.nanoTime() : endNanos;
        return new ImportProgress(
                id,
                state,
                roots.stream().map(Path::toString).toList(),
                inPlace,
                tally.counts(),
                tally.bytes(),
                census.files(),
                census.bytes(),
                census.isComplete(),
                Duration.ofNanos(end - startNanos),
                message,
                report.file());
    }

    /** The files in hand are taken to their end; none is begun. */
    void cancel() {
        stop.countDown();
    }

    /** Waits for the end; false if it did not come in time. */
    boolean awaitEnd(Duration patience) throws InterruptedException {
        return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }

    private void halt(String reason) {
        message = reason;
        stop.countDown();
    }

    // --- from the beginning to the end

    @Override
    public void run() {
        Thread.ofPlatform().daemon().name("dozo-import-census").start(census);
        ImportState end = ImportState.HALTED;
        try (ExecutorService threads = Executors.newFixedThreadPool(
                        settings.threads(),
                        Thread.ofPlatform().daemon().name("dozo-import-", 0).factory());
                report) {
            Collecting collecting = new Collecting(threads);
            for (Path root : roots) {
                collecting.root(root);
            }
            collecting.finish();
            end = ImportState.DONE;
        } catch (ImportStoppedException e) {
            end = message.isEmpty() ? ImportState.CANCELLED : ImportState.HALTED;
        } catch (UncheckedIOException | IOException e) {
            message = e.getMessage() + "; remedy it and run the import again";
        } catch (RuntimeException e) {
            message = Failure.PROCESSING_FAILURE.sentence();
            LOG.log(Level.SEVERE, "DOZO-IMP-004 Import " + id + " failed inside Dozo", e);
        } finally {
            stop.countDown();
            endNanos = System.nanoTime();
            state = end;
            ended.countDown();
            LOG.info(() -> "DOZO-IMP-002 Import " + id + " is " + state + ": " + tally.counts() + " " + message);
        }
    }

    private void verdict(String label, Verdict verdict, long sourceBytes) {
        if (!verdict.reason().isEmpty()) {
            report.write(label, verdict);
        }
        tally.count(verdict, sourceBytes);
    }

    // --- where the files come from

    private final class Collecting implements FileTree.Visitor, ZipSource.Visitor, FileSet.Visitor {
        private final ExecutorService threads;

        Collecting(ExecutorService threads) {
            this.threads = threads;
        }

        /** A path that was named: what it is decides its content, not its name. */
        void root(Path root) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(root, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                tree.walk(root, this);
            } else if (FileKind.of(root) == FileKind.ZIP) {
                new ZipSource(root, attributes, limits).walk(this);
            } else if (FileKind.isDicomDir(root)) {
                fileSet(root, this);
                verdict(
                        root,
                        Verdict.skipped("a DICOMDIR, which is no object; the files that it names were imported", ""));
            } else {
                file(root, attributes);
            }
        }

        @Override
        public void file(Path file, BasicFileAttributes attributes) throws IOException {
            String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            try {
                if (name.endsWith(".zip") && FileKind.of(file) == FileKind.ZIP) {
                    new ZipSource(file, attributes, limits).walk(this);
                    return;
                }
                if (name.equals("dicomdir") && FileKind.isDicomDir(file)) {
                    // Its files are found by walking on; here only what it names and is not there.
                    fileSet(file, new Missing());
                }
            } catch (IOException e) {
                verdict(file.toString(), FileTree.unreadable(e));
                return;
            }
            candidate(Candidate.of(file, attributes));
        }

        private void fileSet(Path dicomDir, FileSet.Visitor visitor) throws IOException {
            try {
                new FileSet(dicomDir, limits).walk(visitor);
            } catch (DicomFormatException | DicomLimitException e) {
                verdict(
                        dicomDir.toString(),
                        Verdict.refused(
                                "the DICOMDIR can't be read: " + e.getMessage(), "import its folder instead of it"));
            }
        }

        @Override
        public void file(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            census.add(attributes.size());
            candidate(Candidate.of(file, attributes));
        }

        @Override
        public void verdict(Path path, Verdict verdict) {
            verdict(path.toString(), verdict);
        }

        @Override
        public void verdict(String label, Verdict verdict) {
            ImportRun.this.verdict(label, verdict, 0);
        }

        /** The same file by two ways is one file. */
        @Override
        public void candidate(Candidate candidate) {
            if (batch.putIfAbsent(candidate.address(), candidate) == null) {
                batchBytes += candidate.size();
            }
            if (batch.size() >= BATCH_FILES || batchBytes >= BATCH_BYTES) {
                finish();
            }
        }

        @Override
        public void finish() {
            take(List.copyOf(batch.values()), threads);
            batch.clear();
            batchBytes = 0;
        }

        private final class Missing implements FileSet.Visitor {
            @Override
            public void file(Path file) {
                // There, and found by the walk.
            }

            @Override
            public void verdict(String label, Verdict verdict) {
                Collecting.this.verdict(label, verdict);
            }
        }
    }

    // --- one batch

    private void take(List<Candidate> candidates, ExecutorService threads) {
        if (candidates.isEmpty()) {
            return;
        }
        Set<Candidate> known = patiently(() -> journal.known(candidates));
        Map<Candidate, Future<Verdict>> answers = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            if (known.contains(candidate)) {
                verdict(candidate.label(), Verdict.PASSED_OVER, candidate.sourceBytes());
            } else {
                answers.put(candidate, threads.submit(() -> take(candidate)));
            }
        }
        Map<Candidate, Receipt> receipts = receipts(answers);
        report.flush();
        if (!receipts.isEmpty()) {
            remember(receipts);
        }
        if (isStopping()) {
            throw new ImportStoppedException();
        }
    }

    /** Waits for all, whatever becomes of one: what they read may be closed next. */
    private Map<Candidate, Receipt> receipts(Map<Candidate, Future<Verdict>> answers) {
        Map<Candidate, Receipt> receipts = new HashMap<>();
        RuntimeException failure = null;
        for (Map.Entry<Candidate, Future<Verdict>> answer : answers.entrySet()) {
            try {
                Receipt receipt = await(answer.getValue()).receipt();
                if (receipt != null) {
                    receipts.put(answer.getKey(), receipt);
                }
            } catch (RuntimeException e) {
                stop.countDown();
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return receipts;
    }

    /** When the import is halting already for a database that is gone, its files are simply read again next time. */
    private void remember(Map<Candidate, Receipt> receipts) {
        if (!isStopping()) {
            patiently(() -> {
                journal.record(receipts);
                return receipts;
            });
            return;
        }
        try {
            journal.record(receipts);
        } catch (SQLException e) {
            LOG.log(Level.FINE, "Imported files could not be remembered", e);
        }
    }

    private Verdict take(Candidate candidate) {
        if (isStopping()) {
            return Verdict.UNTOUCHED;
        }
        try {
            Verdict verdict = patiently(() -> intake.judge(candidate));
            verdict(candidate.label(), verdict, candidate.sourceBytes());
            return verdict;
        } catch (ImportStoppedException e) {
            return Verdict.UNTOUCHED;
        }
    }

    private static Verdict await(Future<Verdict> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException error -> throw error;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImportStoppedException();
        }
    }

    // --- when the archive itself can't

    /** Tries again while volumes or the database are not to be had: their fault must not become that of a million files. */
    private <T> T patiently(Callable<T> attempt) {
        long deadline = System.nanoTime() + settings.patience().toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            String reason;
            try {
                T result = attempt.call();
                message = isStopping() ? message : "";
                return result;
            } catch (FailureException e) {
                reason = e.failure() + ": " + e.getMessage();
            } catch (SQLException e) {
                reason = Failure.of(e) + ": " + Failure.of(e).sentence();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            if (System.nanoTime() > deadline) {
                halt(reason + " It was waited for " + settings.patience().toSeconds()
                        + " s (import.patience); run the import again once it is remedied");
            } else if (!isStopping()) {
                message = "Waiting, " + reason;
            }
            pause(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private void pause(Duration pause) {
        try {
            if (stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ImportStoppedException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImportStoppedException();
        }
    }
}
