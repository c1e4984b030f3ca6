// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.jspecify.annotations.Nullable;

/** What the index keeps of an instance in columns of its own, PS3.3 §C.12.1; everything else is in its header. */
public record InstanceAttributes(
        String sopInstanceUid,
        String sopClassUid,
        @Nullable Integer number,
        @Nullable Integer rows,
        @Nullable Integer columns,
        @Nullable Integer frames,
        String contentDate,
        String contentTime) {

    public static InstanceAttributes of(Dataset dataset) {
        return new InstanceAttributes(
                dataset.getString(Tag.SOP_INSTANCE_UID, ""),
                dataset.getString(Tag.SOP_CLASS_UID, ""),
                IndexText.number(dataset, Tag.INSTANCE_NUMBER),
                IndexText.number(dataset, Tag.ROWS),
                IndexText.number(dataset, Tag.COLUMNS),
                IndexText.number(dataset, Tag.NUMBER_OF_FRAMES),
                IndexText.of(dataset, Tag.CONTENT_DATE),
                IndexText.of(dataset, Tag.CONTENT_TIME));
    }
}
