// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Set;

/**
 * A folder and all below it. Links to folders are not followed: no loop, no folder twice, nothing outside of what was named. Only
 * regular files are ever opened: a pipe would wait for ever.
 */
final class FileTree {

    /** Folders within folders. */
    static final int DEEPEST = 128;

    /** Who takes what is found. */
    interface Visitor {
        void file(Path file, BasicFileAttributes attributes) throws IOException;

        void verdict(Path path, Verdict verdict);
    }

    private final Set<Path> own;

    /** @param own directories of the archive itself, as real paths: passed over */
    FileTree(Set<Path> own) {
        this.own = Set.copyOf(own);
    }

    /** Whether the archive itself writes there. */
    boolean isOwn(Path realPath) {
        return own.stream().anyMatch(realPath::startsWith);
    }

    /** @param root a real path */
    void walk(Path root, Visitor visitor) throws IOException {
        Files.walkFileTree(
                root, EnumSet.noneOf(java.nio.file.FileVisitOption.class), DEEPEST, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                        if (own.contains(directory)) {
                            visitor.verdict(directory, ownDirectory());
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        visit(file, attributes, visitor);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path path, IOException error) {
                        visitor.verdict(path, unreadable(error));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @org.jspecify.annotations.Nullable IOException error) {
                        if (error != null) {
                            visitor.verdict(directory, unreadable(error));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private void visit(Path path, BasicFileAttributes attributes, Visitor visitor) throws IOException {
        if (attributes.isSymbolicLink()) {
            visitLink(path, visitor);
        } else if (attributes.isRegularFile()) {
            visitor.file(path, attributes);
        } else if (attributes.isDirectory()) {
            visitor.verdict(
                    path,
                    Verdict.refused(
                            "the folder lies more than " + DEEPEST + " folders deep", "import this folder by itself"));
        } else {
            visitor.verdict(path, Verdict.skipped("neither a file nor a folder", ""));
        }
    }

    private void visitLink(Path link, Visitor visitor) throws IOException {
        Path target;
        BasicFileAttributes attributes;
        try {
            target = link.toRealPath();
            attributes = Files.readAttributes(target, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            visitor.verdict(link, Verdict.skipped("a link to something that is not there", ""));
            return;
        } catch (IOException e) {
            visitor.verdict(link, unreadable(e));
            return;
        }
        if (attributes.isDirectory()) {
            visitor.verdict(
                    link, Verdict.skipped("a link to a folder, which is not followed", "import that folder by itself"));
        } else if (isOwn(target)) {
            visitor.verdict(link, ownDirectory());
        } else if (attributes.isRegularFile()) {
            visitor.file(link, attributes);
        } else {
            visitor.verdict(link, Verdict.skipped("a link to neither a file nor a folder", ""));
        }
    }

    static Verdict ownDirectory() {
        return Verdict.skipped("it belongs to the archive itself", "./dozo reindex reads the archive's own volumes");
    }

    /** Of the file system's own error: what and why, without a stack. */
    static Verdict unreadable(IOException error) {
        return error instanceof AccessDeniedException
                ? Verdict.refused("it can't be read: permission denied", "let the user that runs the node read it")
                : Verdict.refused("it can't be read: " + error.getMessage(), "look at the disk, then import it again");
    }
}
