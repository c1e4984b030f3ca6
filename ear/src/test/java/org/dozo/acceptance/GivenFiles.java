// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.io.FileMetaInformation;
import org.dozo.dicom.io.ObjectScanner;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.dicom.io.Part10;

/** The files of ../shared/data, where they are, and how a sender would send one. */
final class GivenFiles {

    private static final Path SHARED =
            DozoNode.CHECKOUT.resolve("../shared/data").normalize();

    private GivenFiles() {}

    /** All files below a folder of the shared data, in order; empty without it. */
    static List<Path> below(String folder) throws IOException {
        Path root = SHARED.resolve(folder);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static String name(Path file) {
        return file.startsWith(SHARED) ? SHARED.relativize(file).toString() : String.valueOf(file.getFileName());
    }

    /**
     * As a careful sender reads it: class and instance from the data set, or else from the meta information.
     *
     * @throws IOException if no DICOM is to be seen in it
     */
    static TestObject read(Path file) throws IOException {
        try (Part10 part10 = Part10.open(file)) {
            FileMetaInformation meta = FileMetaInformation.from(part10.meta());
            String syntax = part10.syntax().uid();
            Dataset header = header(part10.dataSet(), part10);
            return TestObject.ofFile(
                    header.getString(Tag.SOP_CLASS_UID, meta.mediaStorageSopClassUid()),
                    header.getString(Tag.SOP_INSTANCE_UID, meta.mediaStorageSopInstanceUid()),
                    syntax,
                    file);
        }
    }

    private static Dataset header(InputStream dataSet, Part10 part10) {
        try {
            return ObjectScanner.scan(dataSet, part10.syntax(), ParseLimits.DEFAULT)
                    .header();
        } catch (IOException | RuntimeException e) {
            return new Dataset();
        }
    }
}
