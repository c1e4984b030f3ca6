// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;

/**
 * The directory of a file-set, PS3.10 §8.6 and PS3.3 Annex F. Its records are given in the order in which their offsets lead through
 * the tree; then, in the order of the file, those that no offset leads to: a broken link loses no record, and a circular one ends.
 *
 * @param fileSetId (0004,1130), empty if there is none
 * @param records each record of the file exactly once
 * @param brokenLinks offsets that lead nowhere, or to a record that another one led to already
 */
public record DicomDir(String fileSetId, List<DirectoryRecord> records, int brokenLinks) {

    /** Media Storage Directory Storage, PS3.4 §I.4. */
    public static final String SOP_CLASS_UID = "1.2.840.10008.1.3.10";

    public DicomDir {
        records = List.copyOf(records);
    }

    /** As {@link #read(InputStream, ParseLimits)}. */
    public static DicomDir read(Path file, ParseLimits limits) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, limits);
        }
    }

    /**
     * Reads a whole DICOMDIR; memory grows with its records, within the limits.
     *
     * @throws DicomFormatException if it is malformed or no DICOMDIR
     * @throws DicomLimitException if it has more than the limits grant
     */
    public static DicomDir read(InputStream in, ParseLimits limits) throws IOException {
        Part10 file = Part10.open(in);
        InputStream bytes = file.syntax().deflated() ? new InflatedStream(file.dataSet(), limits) : file.dataSet();
        // Offsets count from the file's first byte, PS3.3 §F.3.2.2; those of a deflated file could count nothing else.
        long start = file.dataSetOffset();
        Map<Long, Integer> items = new HashMap<>();
        DatasetReader reader = new DatasetReader(
                new ReadAhead(bytes),
                Encoding.of(file.syntax()),
                new Budget(limits),
                new ArrayList<>(),
                null,
                position -> items.put(start + position, items.size()));
        // To the end: some writers have other groups before the records.
        Dataset directory = reader.read();
        if (!directory.contains(Tag.DIRECTORY_RECORD_SEQUENCE)) {
            throw new DicomFormatException("The file is no DICOMDIR: it has no Directory Record Sequence (0004,1220)");
        }
        return new Walk(directory, items).walk();
    }

    /** A way through the tree without recursion: a hostile file may nest as deep as it has records. */
    private static final class Walk {
        private final Dataset directory;
        private final List<Dataset> items;
        private final Map<Long, Integer> byOffset;
        private final BitSet seen = new BitSet();
        private final List<DirectoryRecord> records = new ArrayList<>();
        private final Deque<Visit> ahead = new ArrayDeque<>();
        private int brokenLinks;

        private record Visit(int index, int level) {}

        Walk(Dataset directory, Map<Long, Integer> byOffset) {
            this.directory = directory;
            this.items = directory.getItems(Tag.DIRECTORY_RECORD_SEQUENCE);
            this.byOffset = byOffset;
        }

        DicomDir walk() {
            follow(directory, Tag.OFFSET_OF_THE_FIRST_DIRECTORY_RECORD_OF_THE_ROOT_DIRECTORY_ENTITY, 0);
            while (!ahead.isEmpty()) {
                Visit visit = ahead.pop();
                Dataset record = items.get(visit.index());
                records.add(new DirectoryRecord(visit.level(), true, record));
                // Pushed first, so taken last: the record's own children come before its next sibling.
                follow(record, Tag.OFFSET_OF_THE_NEXT_DIRECTORY_RECORD, visit.level());
                follow(record, Tag.OFFSET_OF_REFERENCED_LOWER_LEVEL_DIRECTORY_ENTITY, visit.level() + 1);
            }
            for (int i = seen.nextClearBit(0); i < items.size(); i = seen.nextClearBit(i + 1)) {
                records.add(new DirectoryRecord(0, false, items.get(i)));
            }
            return new DicomDir(directory.getString(Tag.FILE_SET_ID, ""), records, brokenLinks);
        }

        private void follow(Dataset from, int tag, int level) {
            long offset = from.getLong(tag, 0);
            if (offset == 0) {
                return;
            }
            Integer index = byOffset.get(offset);
            if (index == null || index >= items.size() || seen.get(index)) {
                brokenLinks++;
                return;
            }
            seen.set(index);
            ahead.push(new Visit(index, level));
        }
    }
}
