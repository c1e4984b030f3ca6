// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.index.Correction.Level;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CorrectionsIT {

    private TestDatabase test;
    private Database database;
    private Corrections corrections;
    private long first;
    private long second;
    private long other;

    @BeforeEach
    void open() throws SQLException {
        test = TestDatabase.migrated();
        test.execute("INSERT INTO volume (name, marker) VALUES ('main', gen_random_uuid())");
        database = test.database();
        corrections = new Corrections(database);
        InstanceIndex index = new InstanceIndex(new PatientRegistry(), DuplicatePolicy.KEEP_FIRST);
        first = record(index, Newcomers.dataset("P1", "1.1", "1.1.1", "1.1.1.1"));
        second = record(index, Newcomers.dataset("P1", "1.1", "1.1.2", "1.1.2.1"));
        other = record(index, Newcomers.dataset("P2", "1.2", "1.2.1", "1.2.1.1"));
    }

    @AfterEach
    void close() {
        test.close();
    }

    private long record(InstanceIndex index, Dataset dataset) throws SQLException {
        return database.transaction(connection ->
                        index.record(connection, Newcomers.of(dataset, dataset.getString(Tag.SOP_INSTANCE_UID, ""))))
                .instanceId();
    }

    private long correct(Level level, long key, Dataset attributes) throws SQLException {
        return database.transaction(connection ->
                Corrections.record(connection, new Correction(level, key, attributes, "test", "CorrectionsIT")));
    }

    private long key(String table, long instance) throws SQLException {
        return test.number(
                "SELECT " + table + ".id FROM instance JOIN series ON series.id = instance.series_fk"
                        + " JOIN study ON study.id = series.study_fk JOIN patient ON patient.id = study.patient_fk"
                        + " WHERE instance.id = ?",
                instance);
    }

    private static Dataset id(String id) {
        return new Dataset().setString(Tag.PATIENT_ID, VR.LO, id);
    }

    @Test
    void withoutCorrectionsNothingIsToBeChanged() throws SQLException {
        assertEquals(Map.of(), corrections.patchesFor(List.of(first, second, other)));
        assertTrue(corrections.patchFor(first).isEmpty());
        assertSame(Map.of(), corrections.patchesFor(List.of()));
    }

    @Test
    void aCorrectionHoldsForAllBelowAndForNothingElse() throws SQLException {
        correct(Level.STUDY, key("study", first), id("P7"));
        Map<Long, Dataset> patches = corrections.patchesFor(List.of(first, second, other));
        assertEquals(Map.of(first, id("P7"), second, id("P7")), patches);
        assertEquals(id("P7"), corrections.patchFor(second));
        assertTrue(corrections.patchFor(other).isEmpty());
    }

    @Test
    void theLowerLevelWinsAndWithinALevelTheLaterOne() throws SQLException {
        correct(Level.INSTANCE, first, new Dataset().setString(Tag.STUDY_ID, VR.SH, "instance"));
        correct(Level.SERIES, key("series", first), id("series"));
        correct(Level.STUDY, key("study", first), id("study").setString(Tag.STUDY_ID, VR.SH, "study"));
        correct(Level.PATIENT, key("patient", first), id("early").setString(Tag.PATIENT_SEX, VR.CS, "F"));
        correct(Level.PATIENT, key("patient", first), new Dataset().setString(Tag.PATIENT_SEX, VR.CS, "M"));
        assertEquals(
                id("series").setString(Tag.STUDY_ID, VR.SH, "instance").setString(Tag.PATIENT_SEX, VR.CS, "M"),
                corrections.patchFor(first));
        assertEquals(
                id("study").setString(Tag.STUDY_ID, VR.SH, "study").setString(Tag.PATIENT_SEX, VR.CS, "M"),
                corrections.patchFor(second));
    }

    @Test
    void textOfAnyScriptComesBackWithItsItems() throws SQLException {
        Dataset attributes = new Dataset()
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO 2022 IR 6", "ISO 2022 IR 87")
                .setString(Tag.PATIENT_NAME, VR.PN, "Yamada^Tarou=山田^太郎")
                .setString(Tag.ACCESSION_NUMBER, VR.SH);
        attributes.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE).setString(Tag.STUDY_DESCRIPTION, VR.LO, "頭部");
        correct(Level.PATIENT, key("patient", first), attributes);
        Dataset patch = corrections.patchFor(first);
        assertEquals("Yamada^Tarou=山田^太郎", patch.getString(Tag.PATIENT_NAME));
        assertTrue(patch.get(Tag.ACCESSION_NUMBER).isEmpty());
        assertEquals(
                "頭部", patch.getItems(Tag.REQUEST_ATTRIBUTES_SEQUENCE).getFirst().getString(Tag.STUDY_DESCRIPTION));
    }

    @Test
    void whatMakesAnObjectThisObjectIsNotCorrected() throws SQLException {
        for (Dataset wrong : List.of(
                new Dataset(),
                new Dataset().setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192"),
                new Dataset().setString(Tag.SOP_INSTANCE_UID, VR.UI, "1.2"),
                new Dataset().setString(Tag.SOP_CLASS_UID, VR.UI, "1.2"),
                new Dataset().setString(Tag.TRANSFER_SYNTAX_UID, VR.UI, "1.2"),
                new Dataset().setBytes(Tag.PIXEL_DATA, VR.OW, new byte[2]),
                id("nu\0l"))) {
            FailureException refusal =
                    assertThrows(FailureException.class, () -> correct(Level.INSTANCE, first, wrong), wrong.toString());
            assertEquals(Failure.INVALID_RECORD, refusal.failure());
        }
        assertEquals(0, test.number("SELECT count(*) FROM correction"));
    }

    @Test
    void aRevokedCorrectionIsGone() throws SQLException {
        long id = correct(Level.INSTANCE, first, id("P7"));
        boolean revoked = database.transaction(connection -> Corrections.revoke(connection, id));
        assertTrue(revoked);
        assertTrue(corrections.patchFor(first).isEmpty());
    }
}
