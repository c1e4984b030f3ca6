// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small disk of its own for the write-ahead log of the primary, until it is closed. Needs root. */
final class LogVolume implements AutoCloseable {

    /** What the log takes beside what is kept of it: two segments. */
    private static final int MEBIBYTES = 32;

    private final DozoNode cluster;
    private final Path log;
    private final MountedVolume volume;

    private LogVolume(DozoNode cluster, Path log, MountedVolume volume) {
        this.cluster = cluster;
        this.log = log;
        this.volume = volume;
    }

    static LogVolume of(DozoNode cluster) throws IOException, InterruptedException {
        Path directory = cluster.pair().primary();
        Path log = directory.resolve("pg_wal");
        cluster.dozo("database", "stop", "primary").orFail();
        int used = Integer.parseInt(
                Shell.run("du", "-sm", log.toString()).orFail().output().split("\t")[0]);
        Path at = directory.resolveSibling("wal");
        MountedVolume volume = MountedVolume.create(at, 2 * used + MEBIBYTES);
        move(log, at.resolve("log"));
        Files.createSymbolicLink(log, at.resolve("log"));
        cluster.dozo("database", "start", "primary").orFail();
        return new LogVolume(cluster, log, volume);
    }

    private static void move(Path from, Path to) throws IOException, InterruptedException {
        Shell.run("cp", "-a", from.toString(), to.toString()).orFail();
        Shell.run("rm", "-r", from.toString()).orFail();
    }

    /** Returns the file that takes all room. */
    Path fill() throws IOException, InterruptedException {
        return volume.fill();
    }

    @Override
    public void close() throws IOException {
        try (volume) {
            cluster.dozo("database", "stop", "primary").orFail();
            Path there = Files.readSymbolicLink(log);
            Files.delete(log);
            move(there, log);
            cluster.dozo("database", "start", "primary").orFail();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The log of the primary may be left on a disk of its own", e);
        }
    }
}
