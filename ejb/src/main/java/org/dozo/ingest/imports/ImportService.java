// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.ingest.IngestService;
import org.dozo.settings.ImportSettings;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.storage.AdoptedVolumes;
import org.dozo.storage.StorageSettings;

/**
 * Imports files of this node's machine, one import at a time. An import lives as long as its node; whoever asks for the same paths
 * again resumes it, since what is in the archive is passed over.
 */
@Singleton
public class ImportService {

    private static final int MOST_PATHS = 1000;
    private static final int REMEMBERED = 20;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");
    private static final Logger LOG = Logger.getLogger(ImportService.class.getName());

    private final IngestService ingest;
    private final Database database;
    private final ParseLimits limits;
    private final ImportSettings settings;
    private final Collection<Path> volumes;
    private final AdoptedVolumes adopted;
    private final Map<String, ImportRun> runs = new LinkedHashMap<>();

    @Inject
    public ImportService(
            IngestService ingest,
            Database database,
            ParseLimits limits,
            ImportSettings settings,
            StorageSettings storage,
            AdoptedVolumes adopted) {
        this.ingest = ingest;
        this.database = database;
        this.limits = limits;
        this.settings = settings;
        this.adopted = adopted;
        this.volumes = storage.volumes().values();
    }

    /**
     * Begins to import; or, if just these paths are being imported, says how far that is.
     *
     * @param paths absolute: files, folders, ZIPs, DICOMDIRs
     * @param inPlace whether files are recorded where they lie: only in a volume of {@code storage.adopted}
     * @throws FailureException {@link Failure#INVALID_RECORD} naming a path that can't be imported; {@link Failure#CONFLICT} while
     *     another import runs
     */
    public synchronized ImportProgress start(List<String> paths, boolean inPlace) {
        FileTree tree = new FileTree(own());
        List<Path> roots = roots(paths, tree);
        if (inPlace) {
            requireAdopted(roots);
        }
        for (ImportRun run : runs.values()) {
            if (run.isRunning()) {
                if (run.roots().equals(roots) && run.isInPlace() == inPlace) {
                    return run.progress();
                }
                throw new FailureException(
                        Failure.CONFLICT,
                        "Import " + run.progress().id() + " is running on this node: wait for its end, or stop it with"
                                + " ./dozo import --stop " + run.progress().id());
            }
        }
        String id = LocalDateTime.now(ZoneOffset.UTC).format(TIME)
                + '-'
                + UUID.randomUUID().toString().substring(0, 4);
        ImportRun run = new ImportRun(
                id,
                roots,
                inPlace,
                tree,
                new Intake(ingest, limits, inPlace),
                new ImportJournal(database),
                report(id),
                limits,
                settings);
        runs.put(id, run);
        if (runs.size() > REMEMBERED) {
            runs.remove(runs.keySet().iterator().next());
        }
        LOG.info(() -> "DOZO-IMP-001 Import " + id + " of " + roots.size() + " paths begins; its report is in "
                + run.progress().report());
        Thread.ofPlatform().daemon().name("dozo-import").start(run);
        return run.progress();
    }

    /** The last ones since the node's start, the oldest first. */
    public synchronized List<ImportProgress> list() {
        return runs.values().stream().map(ImportRun::progress).toList();
    }

    public synchronized Optional<ImportProgress> find(String id) {
        return Optional.ofNullable(runs.get(id)).map(ImportRun::progress);
    }

    /** Stops the import once the files in hand are taken; nothing happens to one that has ended. False if there is none such. */
    public synchronized boolean cancel(String id) {
        ImportRun run = runs.get(id);
        if (run != null) {
            run.cancel();
        }
        return run != null;
    }

    /** The node stops: whatever was acknowledged is durable, and the rest is resumed by asking again. */
    @PreDestroy
    void stop() {
        List<ImportRun> running;
        synchronized (this) {
            running = runs.values().stream().filter(ImportRun::isRunning).toList();
        }
        running.forEach(ImportRun::cancel);
        try {
            for (ImportRun run : running) {
                if (!run.awaitEnd(STOP_PATIENCE)) {
                    LOG.warning("DOZO-IMP-005 An import did not end in time; run it again once the node is back");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where the archive itself writes: importing that would never end. */
    private Set<Path> own() {
        Set<Path> own = new HashSet<>();
        List<Path> directories = new ArrayList<>(volumes);
        directories.add(settings.data());
        for (Path directory : directories) {
            try {
                own.add(directory.toRealPath());
            } catch (IOException e) {
                // Not mounted now: then there is nothing of it to be found either.
                LOG.log(Level.FINE, "A directory of the archive is not there", e);
            }
        }
        return own;
    }

    private static List<Path> roots(List<String> paths, FileTree tree) {
        if (paths.isEmpty() || paths.size() > MOST_PATHS) {
            throw invalid("An import needs 1 to " + MOST_PATHS + " paths, not " + paths.size());
        }
        List<Path> roots = new ArrayList<>();
        for (String path : paths) {
            Path root = root(path);
            if (tree.isOwn(root)) {
                throw invalid(path + " belongs to the archive itself: ./dozo reindex reads its own volumes");
            }
            roots.add(root);
        }
        return roots;
    }

    private void requireAdopted(List<Path> roots) {
        for (Path root : roots) {
            if (!adopted.contains(root)) {
                throw invalid(root + " lies in no adopted volume: put storage.adopted=NAME=" + root
                        + " into dozo.properties of every node, restart them, and import again");
            }
        }
    }

    private static Path root(String path) {
        try {
            Path named = Path.of(path);
            if (!named.isAbsolute()) {
                throw invalid(path + " is not an absolute path");
            }
            Path root = named.toRealPath();
            if (!Files.isReadable(root)) {
                throw invalid(path + " can't be read by the node: let its user, " + System.getProperty("user.name")
                        + ", read it");
            }
            if (!Files.isDirectory(root) && !Files.isRegularFile(root)) {
                throw invalid(path + " is neither a file nor a folder");
            }
            return root;
        } catch (IOException | InvalidPathException e) {
            throw new FailureException(
                    Failure.INVALID_RECORD, path + " is not there, as the node sees it: name a path on its machine", e);
        }
    }

    private static FailureException invalid(String message) {
        return new FailureException(Failure.INVALID_RECORD, message);
    }

    private ImportReport report(String id) {
        try {
            return ImportReport.create(settings.data().resolve("import").resolve(id));
        } catch (IOException e) {
            throw new FailureException(
                    Failure.STORAGE_UNAVAILABLE,
                    "The report can't be written in " + settings.data().resolve("import") + ": " + e.getMessage(),
                    e);
        }
    }
}
