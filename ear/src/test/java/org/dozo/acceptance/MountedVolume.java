// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** An ext4 of its own, in a file beside the mount point, as the disk of a volume. Needs root. */
final class MountedVolume implements AutoCloseable {

    private final Path image;
    private final Path at;

    private MountedVolume(Path image, Path at) {
        this.image = image;
        this.at = at;
    }

    static MountedVolume create(Path at, int mebibytes) throws IOException, InterruptedException {
        Files.createDirectories(at);
        Path image = at.resolveSibling(at.getFileName() + ".img");
        Shell.run("truncate", "-s", mebibytes + "M", image.toString()).orFail();
        Shell.run("mkfs.ext4", "-q", image.toString()).orFail();
        MountedVolume volume = new MountedVolume(image, at);
        volume.mount();
        return volume;
    }

    /** Whether this machine lets tests mount. */
    static boolean works(Path work) throws IOException, InterruptedException {
        Path at = work.resolve("probe");
        Files.createDirectories(at);
        Path image = work.resolve("probe.img");
        try {
            return Shell.run("truncate", "-s", "8M", image.toString()).exit() == 0
                    && Shell.run("mkfs.ext4", "-q", image.toString()).exit() == 0
                    && Shell.run("mount", "-o", "loop", image.toString(), at.toString())
                                    .exit()
                            == 0
                    && Shell.run("umount", at.toString()).exit() == 0;
        } catch (IOException e) {
            return false;
        } finally {
            Files.deleteIfExists(image);
            Files.deleteIfExists(at);
        }
    }

    void mount() throws IOException, InterruptedException {
        Shell.run("mount", "-o", "loop", image.toString(), at.toString()).orFail();
    }

    /** Away from under open files; the mount point's own directory is seen instead, and it is empty. */
    void unmount() throws IOException, InterruptedException {
        Shell.run("umount", "-l", at.toString()).orFail();
    }

    void remount(String option) throws Exception {
        // Refused as long as a file is open for writing, which under load is most of the time.
        Await.until(
                "remount " + option,
                Duration.ofSeconds(20),
                () -> Shell.run("mount", "-o", "remount," + option, at.toString())
                                .exit()
                        == 0);
    }

    /** Another file system over it, with a marker that is not its own. */
    void hideBehindAnother() throws IOException, InterruptedException {
        Shell.run("mount", "-t", "tmpfs", "-o", "size=16M", "dozo-test", at.toString())
                .orFail();
        Files.writeString(at.resolve("somebody-elses"), "file");
    }

    /** All its space, taken by one file. */
    Path fill() throws IOException, InterruptedException {
        Path ballast = at.resolve("ballast");
        long free = Files.getFileStore(at).getUsableSpace();
        Shell.run("fallocate", "-l", "" + (free - (1 << 20)), ballast.toString())
                .orFail();
        return ballast;
    }

    @Override
    public void close() throws IOException {
        while (mounts().contains(" " + at + " ")) {
            try {
                unmount();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
        Files.deleteIfExists(image);
    }

    private static String mounts() throws IOException {
        return Files.readString(Path.of("/proc/mounts"));
    }
}
