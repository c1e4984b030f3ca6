// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.ZipEntry;
import org.dozo.shared.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A file that may be a DICOM object, not yet read.
 *
 * @param label for the report
 * @param address SHA-256 of its whole address: what the journal knows it by
 * @param size of its content in bytes
 * @param modifiedMillis of the file, or of the ZIP that it is in
 * @param sourceBytes on the disk: what progress is counted in
 * @param file null for a file in a ZIP
 */
record Candidate(
        String label,
        Bytes address,
        long size,
        long modifiedMillis,
        long sourceBytes,
        Opening opening,
        @Nullable Path file) {

    /** Opens the content, each time from its start. */
    @FunctionalInterface
    interface Opening {
        InputStream open() throws IOException;
    }

    static Candidate of(Path file, BasicFileAttributes attributes) {
        return new Candidate(
                file.toString(),
                address(file, ""),
                attributes.size(),
                attributes.lastModifiedTime().toMillis(),
                attributes.size(),
                () -> Files.newInputStream(file),
                file);
    }

    static Candidate of(Path zip, long zipModifiedMillis, ZipEntry entry, Opening opening) {
        return new Candidate(
                zip + "!/" + entry.getName(),
                address(zip, "!/" + entry.getName()),
                entry.getSize(),
                zipModifiedMillis,
                entry.getCompressedSize(),
                opening,
                null);
    }

    /** By the URI: it keeps the bytes of names that are no text in this machine's character set apart. */
    private static Bytes address(Path file, String inside) {
        String address = file.toUri().getRawPath() + inside;
        try {
            return Bytes.of(MessageDigest.getInstance("SHA-256").digest(address.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform must have SHA-256", e);
        }
    }
}
