// SPDX-License-Identifier: Apache-2.0
package org.dozo.availability;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.dozo.dicom.SopReference;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;

/**
 * What is told of a study, PS3.4 §R.3: that its instances are online, and of whom they are to be had.
 *
 * @param instances at least one
 */
record Notice(String study, String aeTitle, List<Instance> instances) {

    record Instance(String seriesInstanceUid, SopReference reference) {}

    Notice {
        instances = List.copyOf(instances);
    }

    /** The same for the same content: so a peer that was told already knows it. */
    String uid() {
        StringBuilder content = new StringBuilder(study).append(' ').append(aeTitle);
        for (Instance each : instances) {
            content.append('\n').append(each.reference().sopInstanceUid());
        }
        UUID uuid = UUID.nameUUIDFromBytes(content.toString().getBytes(StandardCharsets.US_ASCII));
        return "2.25." + new java.math.BigInteger(uuid.toString().replace("-", ""), 16);
    }

    Dataset attributes() {
        Dataset attributes = new Dataset().setString(Tag.STUDY_INSTANCE_UID, VR.UI, study);
        attributes.setItems(Tag.REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE);
        Map<String, Dataset> series = new LinkedHashMap<>();
        for (Instance each : instances) {
            series.computeIfAbsent(
                            each.seriesInstanceUid(),
                            uid -> attributes
                                    .addItem(Tag.REFERENCED_SERIES_SEQUENCE)
                                    .setString(Tag.SERIES_INSTANCE_UID, VR.UI, uid))
                    .addItem(Tag.REFERENCED_SOP_SEQUENCE)
                    .setString(Tag.RETRIEVE_AE_TITLE, VR.AE, aeTitle)
                    .setString(Tag.INSTANCE_AVAILABILITY, VR.CS, "ONLINE")
                    .setString(
                            Tag.REFERENCED_SOP_CLASS_UID,
                            VR.UI,
                            each.reference().sopClassUid())
                    .setString(
                            Tag.REFERENCED_SOP_INSTANCE_UID,
                            VR.UI,
                            each.reference().sopInstanceUid());
        }
        return attributes;
    }
}
