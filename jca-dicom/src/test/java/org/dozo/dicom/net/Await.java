// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Conditions with a deadline, and what a process must not leak. */
public final class Await {

    private Await() {}

    public static void until(String what, Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Not within " + patience + ": " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    public static void until(String what, BooleanSupplier condition) {
        until(what, Duration.ofSeconds(20), condition);
    }

    /** Open sockets of this process; 0 where the system does not tell. */
    public static int openSockets() {
        Path descriptors = Path.of("/proc/self/fd");
        int sockets = 0;
        if (Files.isDirectory(descriptors)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(descriptors)) {
                for (Path entry : entries) {
                    sockets += isSocket(entry) ? 1 : 0;
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return sockets;
    }

    public static int platformThreads() {
        return Thread.getAllStackTraces().size();
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            return false;
        }
    }
}
