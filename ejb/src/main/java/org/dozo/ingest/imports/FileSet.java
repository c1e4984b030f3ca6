// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.dozo.dicom.io.DicomDir;
import org.dozo.dicom.io.DirectoryRecord;
import org.dozo.dicom.io.ParseLimits;
import org.jspecify.annotations.Nullable;

/**
 * The files that a DICOMDIR names, PS3.10 §8. Its File IDs are upper case, PS3.10 §8.5; where a medium was copied the files are often
 * lower case, or have an extension's dot or a version ({@code ;1}) behind them: such a file is found as well. None is ever looked for
 * outside of the DICOMDIR's folder.
 */
final class FileSet {

    private final Path folder;
    private final DicomDir directory;

    /** The last folder that was looked through, names folded. */
    private @Nullable Path listed;

    private Map<String, Path> listing = Map.of();

    /** Who takes what is found. */
    interface Visitor {
        void file(Path file) throws IOException;

        void verdict(String label, Verdict verdict);
    }

    /** @param file the DICOMDIR, a real path */
    FileSet(Path file, ParseLimits limits) throws IOException {
        this.folder = file.resolveSibling("").toRealPath();
        this.directory = DicomDir.read(file, limits);
    }

    /** Gives each file that is named and there, once; and a verdict for each that is not. */
    void walk(Visitor visitor) throws IOException {
        Set<Path> seen = new HashSet<>();
        for (DirectoryRecord record : directory.records()) {
            List<String> id = record.fileId();
            if (id.isEmpty()) {
                continue;
            }
            String label = folder.resolve("DICOMDIR") + " -> " + String.join("/", id);
            if (!record.isInUse()) {
                visitor.verdict(label, Verdict.skipped("the record is not in use", ""));
                continue;
            }
            Path file = find(id);
            if (file == null) {
                visitor.verdict(
                        label,
                        Verdict.missing(
                                "the DICOMDIR names this file, but it is not there",
                                "copy the whole medium again, or ask who made it"));
            } else if (seen.add(file)) {
                visitor.file(file);
            }
        }
    }

    private @Nullable Path find(List<String> id) throws IOException {
        Path path = folder;
        for (String component : id) {
            path = path == null || isHostile(component) ? null : child(path, component);
        }
        if (path == null || !Files.isRegularFile(path)) {
            return null;
        }
        Path file = path.toRealPath();
        return file.startsWith(folder) ? file : null;
    }

    private static boolean isHostile(String component) {
        return component.equals("..")
                || component.equals(".")
                || component.indexOf('/') >= 0
                || component.indexOf('\0') >= 0;
    }

    private @Nullable Path child(Path parent, String name) throws IOException {
        try {
            Path exact = parent.resolve(name);
            return Files.exists(exact) ? exact : list(parent).get(folded(name));
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private Map<String, Path> list(Path parent) throws IOException {
        if (!parent.equals(listed)) {
            Map<String, Path> children = new HashMap<>();
            if (Files.isDirectory(parent)) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
                    entries.forEach(entry -> children.putIfAbsent(folded(String.valueOf(entry.getFileName())), entry));
                }
            }
            listing = children;
            listed = parent;
        }
        return listing;
    }

    private static String folded(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        int version = upper.indexOf(';');
        String plain = version < 0 ? upper : upper.substring(0, version);
        return plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain;
    }
}
