// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps this node from a database that was the primary and runs again: the newest timeline that was met is remembered, in a file as
 * well, and what is older is refused. Another database altogether is refused, too, until the operator removes the file.
 *
 * <p><em>Pitfalls:</em> what neither this process nor the file has met is not known here. Two servers that were promoted apart from
 * each other may have the same timeline.
 */
final class DatabaseFence {

    private static final Logger LOG = Logger.getLogger(DatabaseFence.class.getName());
    private static final long BETWEEN_LINES = Duration.ofMinutes(1).toNanos();

    private final Path file;
    private volatile @Nullable DatabaseHistory newest;
    /** Whether the file says what {@link #newest} says. */
    private volatile boolean kept;

    private boolean told;
    private long toldAt;

    /**
     * @param file need not exist
     * @throws UncheckedIOException if it exists and can't be read, or is not what a fence wrote
     */
    DatabaseFence(Path file) {
        this.file = file;
        this.newest = read(file);
        this.kept = newest != null;
    }

    private static @Nullable DatabaseHistory read(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            // What was cut off has no end of line.
            return Optional.of(text)
                    .filter(whole -> whole.endsWith("\n"))
                    .flatMap(whole -> DatabaseHistory.of(whole.substring(0, whole.length() - 1)))
                    .orElseThrow(() -> new IOException("it is not an identifier and a timeline"));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "DOZO-SQL-004 %s does not say which database this node follows: %s. Remedy: make sure that only the right primary runs, delete the file, start the node"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /**
     * For a connection that was just made: learns from it.
     *
     * @param server as a person would call it
     * @throws RefusedDatabaseException if it must not be used
     */
    void meet(DatabaseHistory history, Object server) throws RefusedDatabaseException {
        DatabaseHistory known = newest;
        if (!kept || known == null || history.isAfter(known)) {
            learn(history);
        }
        confirm(history, server);
    }

    /**
     * For a connection that was met before: whether it is still the newest.
     *
     * @throws RefusedDatabaseException if it must not be used any more
     */
    void confirm(DatabaseHistory history, Object server) throws RefusedDatabaseException {
        DatabaseHistory known = newest;
        if (!history.equals(known)) {
            throw refusal(history, known, server);
        }
    }

    private synchronized void learn(DatabaseHistory history) {
        DatabaseHistory known = newest;
        DatabaseHistory next = known == null || history.isAfter(known) ? history : known;
        if (known != null && !next.equals(known)) {
            LOG.info(() ->
                    "DOZO-SQL-002 A standby was promoted: the database's timeline is %d, before %d; what is on an older one is refused"
                            .formatted(next.timeline(), known.timeline()));
        }
        // Before the file: nobody may be let through meanwhile.
        newest = next;
        kept = keep(next);
    }

    private boolean keep(DatabaseHistory history) {
        try {
            DurableFile.replace(file, history + "\n");
            return true;
        } catch (IOException e) {
            if (mayTell()) {
                LOG.log(
                        Level.WARNING,
                        "DOZO-SQL-003 %s can't be written: after a restart this node would not know an old primary. Each new connection tries again. Remedy: room and rights in that directory"
                                .formatted(file),
                        e);
            }
            return false;
        }
    }

    private RefusedDatabaseException refusal(DatabaseHistory history, @Nullable DatabaseHistory known, Object server) {
        String why = known != null && known.system() == history.system()
                ? "The database at %s is on timeline %d, and this node has seen timeline %d: it was the primary until a standby was promoted, and what is written to it is lost. It is refused. Remedy: stop it and make it a standby anew; if it was put back on purpose, stop all nodes and delete %s of each"
                        .formatted(server, history.timeline(), known.timeline(), file)
                : "The database at %s has the identifier %s, and this node works with %s: it is another database. It is refused. Remedy: correct database.url; if the database was made anew on purpose, stop all nodes and delete %s of each"
                        .formatted(server, history.system(), known == null ? "none" : known.system(), file);
        if (mayTell()) {
            LOG.severe(() -> "DOZO-SQL-001 " + why);
        }
        return new RefusedDatabaseException(why);
    }

    /** Once a minute. */
    private synchronized boolean mayTell() {
        long now = System.nanoTime();
        if (told && now - toldAt < BETWEEN_LINES) {
            return false;
        }
        told = true;
        toldAt = now;
        return true;
    }
}
