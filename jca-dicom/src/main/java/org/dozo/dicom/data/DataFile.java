// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A table of facts that ships beside this class: one record a line, fields between tabs, # before remarks. */
final class DataFile {

    private DataFile() {}

    /**
     * The records of a file.
     *
     * @param columns fields each record is filled up to with empty strings
     */
    static List<String[]> read(String name, int columns) {
        String text = text(name);
        List<String[]> records = new ArrayList<>(text.length() / 60);
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            if (end > start && text.charAt(start) != '#') {
                records.add(fields(text, start, end, columns));
            }
            start = end + 1;
        }
        return records;
    }

    private static String[] fields(String text, int start, int end, int columns) {
        String[] fields = new String[columns];
        int from = start;
        for (int column = 0; column < columns; column++) {
            int tab = text.indexOf('\t', from);
            int to = tab < 0 || tab > end ? end : tab;
            fields[column] = text.substring(from, to);
            from = Math.min(to + 1, end);
        }
        return fields;
    }

    /** A whole file; ASCII, every line ended by a line feed. */
    static String text(String name) {
        try (InputStream in = DataFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("jca-dicom lacks its data file " + name + ": build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
