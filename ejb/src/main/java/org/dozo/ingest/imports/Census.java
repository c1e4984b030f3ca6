// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Counts what is to be imported, beside the import: only for the progress, and no reason to wait. */
final class Census implements Runnable {

    private static final Logger LOG = Logger.getLogger(Census.class.getName());

    private final List<Path> roots;
    private final FileTree tree;
    private final BooleanSupplier stopped;
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean complete;

    Census(List<Path> roots, FileTree tree, BooleanSupplier stopped) {
        this.roots = roots;
        this.tree = tree;
        this.stopped = stopped;
    }

    long files() {
        return files.get();
    }

    long bytes() {
        return bytes.get();
    }

    boolean isComplete() {
        return complete;
    }

    /** Files that no walk finds: those that a DICOMDIR names. */
    void add(long size) {
        files.incrementAndGet();
        bytes.addAndGet(size);
    }

    @Override
    public void run() {
        try {
            for (Path root : roots) {
                if (Files.isDirectory(root)) {
                    tree.walk(root, new Counting());
                } else {
                    add(Files.size(root));
                }
            }
            complete = true;
        } catch (ImportStoppedException | IOException e) {
            LOG.log(Level.FINE, "What is to be imported could not be counted", e);
        }
    }

    private final class Counting implements FileTree.Visitor {
        @Override
        public void file(Path file, BasicFileAttributes attributes) {
            if (stopped.getAsBoolean()) {
                throw new ImportStoppedException();
            }
            add(attributes.size());
        }

        @Override
        public void verdict(Path path, Verdict verdict) {
            // The import itself reports it.
        }
    }
}
