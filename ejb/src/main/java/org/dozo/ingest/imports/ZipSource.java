// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.dozo.dicom.io.ParseLimits;

/**
 * The files in a ZIP or ZIP64. Nothing is unpacked: a file's name is a label and never a path, and its content goes from the ZIP
 * into the archive.
 */
final class ZipSource {

    /** Bytes of the central directory, which is kept in memory: about 300,000 files. */
    static final long LONGEST_DIRECTORY = 32L << 20;

    private static final String UNPACK = "unpack it with the tool that made it, then import the folder";

    private final Path file;
    private final BasicFileAttributes attributes;
    private final ParseLimits limits;

    ZipSource(Path file, BasicFileAttributes attributes, ParseLimits limits) {
        this.file = file;
        this.attributes = attributes;
        this.limits = limits;
    }

    /** Who takes what is found. */
    interface Visitor {
        void candidate(Candidate candidate);

        void verdict(String label, Verdict verdict);

        /** Ends when all candidates so far were read: the ZIP is closed next. */
        void finish();
    }

    void walk(Visitor visitor) throws IOException {
        try {
            long directory = ZipDirectory.length(file);
            if (directory > LONGEST_DIRECTORY) {
                visitor.verdict(
                        file.toString(),
                        Verdict.refused(
                                "the directory of the ZIP has " + directory + " bytes, over the limit of "
                                        + LONGEST_DIRECTORY,
                                "unpack it, or make several smaller ones of it"));
                return;
            }
            try (ZipFile zip = open()) {
                walk(zip, visitor);
            }
        } catch (ZipException e) {
            visitor.verdict(file.toString(), Verdict.refused("the ZIP can't be read: " + e.getMessage(), UNPACK));
        }
    }

    /** Names that are not UTF-8 (made in Japan, Shift_JIS) are read byte by byte: they are labels only. */
    private ZipFile open() throws IOException {
        try {
            return new ZipFile(file.toFile());
        } catch (ZipException e) {
            try {
                return new ZipFile(file.toFile(), StandardCharsets.ISO_8859_1);
            } catch (ZipException again) {
                e.addSuppressed(again);
                throw e;
            }
        }
    }

    private void walk(ZipFile zip, Visitor visitor) throws IOException {
        if (compressedLength(zip) > attributes.size()) {
            visitor.verdict(
                    file.toString(),
                    Verdict.refused("files in the ZIP overlap, as only a decompression bomb's do", "do not trust it"));
            return;
        }
        AtomicLong inflated = new AtomicLong();
        Set<String> names = new HashSet<>();
        Enumeration<? extends ZipEntry> entries = zip.entries();
        while (entries.hasMoreElements()) {
            ZipEntry entry = entries.nextElement();
            if (entry.isDirectory()) {
                continue;
            }
            if (!names.add(entry.getName())) {
                visitor.verdict(
                        file + "!/" + entry.getName(),
                        Verdict.refused("another file in the ZIP has the same name", UNPACK));
                continue;
            }
            visitor.candidate(Candidate.of(
                    file,
                    attributes.lastModifiedTime().toMillis(),
                    entry,
                    () -> new EntryStream(zip.getInputStream(entry), entry, inflated, attributes.size(), limits)));
        }
        visitor.finish();
    }

    private static long compressedLength(ZipFile zip) {
        long sum = 0;
        Enumeration<? extends ZipEntry> entries = zip.entries();
        while (entries.hasMoreElements()) {
            long length = entries.nextElement().getCompressedSize();
            sum = length < 0 || sum + length < 0 ? Long.MAX_VALUE : sum + length;
        }
        return sum;
    }
}
