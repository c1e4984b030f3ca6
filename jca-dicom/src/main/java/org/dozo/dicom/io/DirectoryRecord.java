// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;

/**
 * One record of a {@link DicomDir}, PS3.3 §F.3.2.2.
 *
 * @param level 0 for the records of the root; 0 as well for a record that no offset leads to
 * @param linked whether offsets lead to it from the root
 * @param attributes all of the record; the keys are those of its type, PS3.3 §F.5
 */
public record DirectoryRecord(int level, boolean linked, Dataset attributes) {

    /** {@code PATIENT}, {@code STUDY}, {@code SERIES}, {@code IMAGE}, …; empty if the record does not say. */
    public String type() {
        return attributes.getString(Tag.DIRECTORY_RECORD_TYPE, "");
    }

    /** False for a record that was crossed out (retired, PS3.3 §F.3.2.2): what it names is not part of the file-set. */
    public boolean isInUse() {
        return attributes.getInt(Tag.RECORD_IN_USE_FLAG, 0xFFFF) != 0;
    }

    /**
     * The components of the file's name, seen from the DICOMDIR; empty if the record names no file.
     *
     * <p><em>Pitfalls:</em> as they came, so hostile: a component may be {@code ..} or hold a separator.
     */
    public List<String> fileId() {
        return attributes.getStrings(Tag.REFERENCED_FILE_ID).stream()
                .filter(component -> !component.isEmpty())
                .toList();
    }

    public String sopClassUid() {
        return attributes.getString(Tag.REFERENCED_SOP_CLASS_UID_IN_FILE, "");
    }

    public String sopInstanceUid() {
        return attributes.getString(Tag.REFERENCED_SOP_INSTANCE_UID_IN_FILE, "");
    }
}
