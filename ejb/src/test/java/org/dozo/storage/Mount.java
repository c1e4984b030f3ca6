// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A small real file system, mounted by the test and unmounted by its end. Needs root. */
public final class Mount implements AutoCloseable {

    private final Path at;

    private Mount(Path at) {
        this.at = at;
    }

    static Mount tmpfs(Path at, String options) throws IOException {
        Files.createDirectories(at);
        run("mount", "-t", "tmpfs", "-o", options, "dozo-test", at.toString());
        return new Mount(at);
    }

    /** An ext4 of so many MiB in a file beside the mount point; the same again if it was there before. */
    public static Mount ext4(Path at, int mebibytes) throws IOException {
        Path image = image(at);
        if (!Files.exists(image)) {
            Files.createDirectories(at);
            run("truncate", "-s", mebibytes + "M", image.toString());
            run("mkfs.ext4", "-q", "-N", "512", image.toString());
        }
        run("mount", "-o", "loop", image.toString(), at.toString());
        return new Mount(at);
    }

    /** The file that {@link #ext4} keeps it in. */
    public static Path image(Path at) {
        return at.resolveSibling(at.getFileName() + ".img");
    }

    public static boolean works() {
        try {
            Path at = Files.createTempDirectory("dozo-mount");
            try (Mount mount = ext4(at.resolve("probe"), 4)) {
                return Files.isDirectory(mount.at);
            } finally {
                Files.deleteIfExists(at.resolve("probe.img"));
                Files.deleteIfExists(at.resolve("probe"));
                Files.delete(at);
            }
        } catch (IOException e) {
            return false;
        }
    }

    public void remount(String options) throws IOException {
        run("mount", "-o", "remount," + options, at.toString());
    }

    /** Takes it away under open files. */
    void lazily() throws IOException {
        run("umount", "-l", at.toString());
    }

    void freeze() throws IOException {
        run("fsfreeze", "-f", at.toString());
    }

    void thaw() throws IOException {
        run("fsfreeze", "-u", at.toString());
    }

    @Override
    public void close() throws IOException {
        if (Files.readString(Path.of("/proc/mounts")).contains(" " + at + " ")) {
            run("umount", "-l", at.toString());
        }
    }

    public static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(List.of(command) + ": " + output);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
