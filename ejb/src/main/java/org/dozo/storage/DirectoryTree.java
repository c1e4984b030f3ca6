// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dozo.shared.DurableFile;

/**
 * The directories below one volume's root, and which of them are known to be durable.
 *
 * <p><em>Pitfalls:</em> a directory that exists need not be durable: another thread may have made it a moment ago. It counts as
 * durable only once this process has fsynced its parent after seeing it.
 */
public final class DirectoryTree {

    private static final int REMEMBERED = 2048;

    private final Path root;
    private final Map<Path, Boolean> durable = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    DirectoryTree(Path root) {
        this.root = root;
    }

    /**
     * Creates the directory and those above it, up to but never including the root; returns those not known to be durable,
     * which the caller must hand to {@link #makeDurable}. No fsync here: the object's own comes first and carries them along.
     */
    List<Path> create(Path directory) throws IOException {
        List<Path> doubtful = new ArrayList<>();
        for (Path each = directory; !each.equals(root) && !isDurable(each); each = parent(each)) {
            doubtful.addFirst(each);
        }
        for (Path each : doubtful) {
            try {
                Files.createDirectory(each);
            } catch (FileAlreadyExistsException e) {
                // As it should be on every start but the first of a day.
            }
        }
        return doubtful;
    }

    void makeDurable(List<Path> doubtful) throws IOException {
        for (Path each : doubtful) {
            DurableFile.forceDirectory(parent(each));
        }
        synchronized (durable) {
            doubtful.forEach(each -> durable.put(each, true));
        }
    }

    /** After a directory turned out to be gone. */
    void forgetAll() {
        synchronized (durable) {
            durable.clear();
        }
    }

    private boolean isDurable(Path directory) {
        synchronized (durable) {
            return durable.get(directory) != null;
        }
    }

    /** @throws IllegalArgumentException if it has none */
    public static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no parent");
        }
        return parent;
    }
}
