// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/**
 * One line of CSV (RFC 4180) for every file that is not in the archive afterwards. Only its owner may read it: names of files may
 * be names of patients.
 */
final class ImportReport implements Closeable {

    private final Path file;
    private final BufferedWriter out;

    private ImportReport(Path file, BufferedWriter out) {
        this.file = file;
        this.out = out;
    }

    /** @param directory must not exist yet; it is made */
    static ImportReport create(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = directory.resolve("report.csv");
        BufferedWriter out = Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW);
        out.write("outcome,path,reason,remedy\r\n");
        out.flush();
        return new ImportReport(file, out);
    }

    Path file() {
        return file;
    }

    synchronized void write(String path, Verdict verdict) {
        try {
            out.write(verdict.kind().name().toLowerCase(Locale.ROOT));
            for (String cell : new String[] {path, verdict.reason(), verdict.remedy()}) {
                out.write(',');
                out.write(quoted(cell));
            }
            out.write("\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException("The report " + file + " could not be written", e);
        }
    }

    /** A name from a stranger's disk may hold line breaks and terminal sequences. */
    private static String quoted(String cell) {
        String printable = cell.codePoints()
                .map(point -> Character.isISOControl(point) ? '?' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return '"' + printable.replace("\"", "\"\"") + '"';
    }

    synchronized void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("The report " + file + " could not be written", e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
