// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.dozo.dicom.QueryOption;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.index.InstanceSelection;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetrieveIdentifierTest {

    private static final String PATIENT_ROOT = "1.2.840.10008.5.1.4.1.2.1.2";
    private static final String STUDY_ROOT = "1.2.840.10008.5.1.4.1.2.2.3";
    private static final String PATIENT_STUDY_ONLY = "1.2.840.10008.5.1.4.1.2.3.2";

    /** Each key may be absent, or a list with {@code /} between the values. */
    private static Dataset identifier(String level, String patient, String study, String series, String instance) {
        Dataset identifier = new Dataset();
        set(identifier, Tag.QUERY_RETRIEVE_LEVEL, VR.CS, level);
        set(identifier, Tag.PATIENT_ID, VR.LO, patient);
        set(identifier, Tag.STUDY_INSTANCE_UID, VR.UI, study);
        set(identifier, Tag.SERIES_INSTANCE_UID, VR.UI, series);
        set(identifier, Tag.SOP_INSTANCE_UID, VR.UI, instance);
        return identifier;
    }

    private static void set(Dataset identifier, int tag, VR vr, String value) {
        if (value != null) {
            identifier.setString(tag, vr, value.split("/"));
        }
    }

    private static InstanceSelection selection(String model, Dataset identifier, QueryOption... options) {
        return RetrieveIdentifier.selection(StockedArchive.request(model, identifier, "", options));
    }

    @Test
    void eachLevelIsSelectedByItsKeysAndThoseAbove() {
        assertEquals(
                InstanceSelection.ofPatients(List.of("P1")),
                selection(PATIENT_ROOT, identifier("PATIENT", "P1", null, null, null)));
        assertEquals(
                new InstanceSelection(List.of("P1"), List.of("1.2", "1.3"), List.of(), List.of()),
                selection(PATIENT_ROOT, identifier("STUDY", "P1", "1.2/1.3", null, null)));
        assertEquals(
                new InstanceSelection(List.of(), List.of("1.2"), List.of("1.4", "1.5"), List.of()),
                selection(STUDY_ROOT, identifier("SERIES", null, "1.2", "1.4/1.5", null)));
        assertEquals(
                new InstanceSelection(List.of(), List.of("1.2"), List.of("1.4"), List.of("1.6", "1.7")),
                selection(STUDY_ROOT, identifier("IMAGE", null, "1.2", "1.4", "1.6/1.7")));
        assertEquals(
                InstanceSelection.ofPatients(List.of("P1")),
                selection(PATIENT_STUDY_ONLY, identifier("PATIENT", "P1", null, null, null)));
    }

    @Test
    void keysBelowTheLevelSelectNothing() {
        assertEquals(
                InstanceSelection.ofStudy("1.2"),
                selection(STUDY_ROOT, identifier("STUDY", null, "1.2", "1.4", "1.6")));
    }

    @Test
    void relationalRetrievalNeedsTheLevelsOwnKeyOnly() {
        assertEquals(
                InstanceSelection.ofInstances(List.of("1.6")),
                selection(STUDY_ROOT, identifier("IMAGE", null, null, null, "1.6"), QueryOption.RELATIONAL));
        Dataset nothing = identifier("IMAGE", null, "1.2", null, null);
        assertThrows(FailureException.class, () -> selection(STUDY_ROOT, nothing, QueryOption.RELATIONAL));
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.840.10008.5.1.4.1.2.2.2, , , 1.2, , , (0008;0052)",
        "1.2.840.10008.5.1.4.1.2.2.2, PATIENT, P1, 1.2, , , (0008;0052)",
        "1.2.840.10008.5.1.4.1.2.2.2, WORKLIST, P1, 1.2, , , (0008;0052)",
        "1.2.840.10008.5.1.4.1.2.3.2, SERIES, P1, 1.2, 1.4, , (0008;0052)",
        "1.2.840.10008.5.1.4.1.2.1.2, STUDY, , 1.2, , , (0010;0020)",
        "1.2.840.10008.5.1.4.1.2.1.2, PATIENT, P1/P2, , , , (0010;0020)",
        "1.2.840.10008.5.1.4.1.2.2.2, STUDY, , , , , (0020;000D)",
        "1.2.840.10008.5.1.4.1.2.2.2, STUDY, , *, , , (0020;000D)",
        "1.2.840.10008.5.1.4.1.2.2.2, STUDY, , 1.2' OR '1'='1, , , (0020;000D)",
        "1.2.840.10008.5.1.4.1.2.2.2, SERIES, , 1.2/1.3, 1.4, , (0020;000D)",
        "1.2.840.10008.5.1.4.1.2.2.2, SERIES, , 1.2, , , (0020;000E)",
        "1.2.840.10008.5.1.4.1.2.2.2, IMAGE, , 1.2, , 1.6, (0020;000E)",
        "1.2.840.10008.5.1.4.1.2.2.2, IMAGE, , 1.2, 1.4, , (0008;0018)",
        "1.2.840.10008.5.1.4.1.2.2.1, STUDY, , 1.2, , , SOP class",
    })
    void whatIsMissingOrTooMuchIsRefusedByName(
            String model, String level, String patient, String study, String series, String instance, String named) {
        FailureException refusal = assertThrows(
                FailureException.class, () -> selection(model, identifier(level, patient, study, series, instance)));
        assertEquals(Failure.DATA_SET_MISMATCH, refusal.failure());
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(named.replace(';', ',')), message);
    }
}
