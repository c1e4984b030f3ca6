// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.HeaderBlob;
import org.dozo.dicom.io.ScannedObject;
import org.dozo.shared.Bytes;
import org.dozo.shared.Database;
import org.dozo.shared.TestDatabase;
import org.dozo.storage.StoredCopy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InstanceCatalogueIT {

    private TestDatabase test;
    private Database database;
    private InstanceCatalogue catalogue;

    @BeforeEach
    void open() throws SQLException {
        test = TestDatabase.migrated();
        test.execute("INSERT INTO volume (name, marker) VALUES ('main', gen_random_uuid()), ('b', gen_random_uuid())");
        database = test.database();
        catalogue = new InstanceCatalogue(database);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private void record(DuplicatePolicy duplicates, NewInstance newcomer) throws SQLException {
        InstanceIndex index = new InstanceIndex(new PatientRegistry(), duplicates);
        database.transaction(connection -> index.record(connection, newcomer));
    }

    private void record(String patient, String study, String series, String instance, int number) throws SQLException {
        Dataset dataset = Newcomers.dataset(patient, study, series, instance);
        dataset.setInts(Tag.INSTANCE_NUMBER, VR.IS, number);
        record(DuplicatePolicy.KEEP_FIRST, Newcomers.of(dataset, instance));
    }

    private List<String> uids(InstanceSelection selection) throws SQLException {
        return all(selection).stream().map(StoredInstance::sopInstanceUid).toList();
    }

    private List<StoredInstance> all(InstanceSelection selection) throws SQLException {
        SelectedInstances selected = catalogue.select(selection);
        List<StoredInstance> instances = new ArrayList<>();
        for (StoredInstance next = selected.next(); next != null; next = selected.next()) {
            instances.add(next);
        }
        assertNull(selected.next());
        return instances;
    }

    @Test
    void patientStudySeriesAndInstancesAreSelectedByTheirUidsAndListsOfThem() throws SQLException {
        record("P1", "1.1", "1.1.1", "1.1.1.2", 2);
        record("P1", "1.1", "1.1.1", "1.1.1.1", 1);
        record("P1", "1.2", "1.2.1", "1.2.1.1", 1);
        record("P2", "2.1", "2.1.1", "2.1.1.1", 1);
        assertEquals(List.of("1.1.1.1", "1.1.1.2", "1.2.1.1"), uids(InstanceSelection.ofPatients(List.of("P1"))));
        assertEquals(List.of("1.1.1.1", "1.1.1.2"), uids(InstanceSelection.ofStudy("1.1")));
        assertEquals(List.of("1.1.1.1", "1.1.1.2"), uids(InstanceSelection.ofSeries("1.1", "1.1.1")));
        assertEquals(List.of("1.1.1.2"), uids(InstanceSelection.ofInstance("1.1", "1.1.1", "1.1.1.2")));
        assertEquals(
                List.of("1.1.1.2", "2.1.1.1"),
                uids(InstanceSelection.ofInstances(List.of("2.1.1.1", "9.9", "1.1.1.2"))));
        assertEquals(List.of(), uids(InstanceSelection.ofInstance("1.2", "1.1.1", "1.1.1.2")));
        assertEquals(
                List.of("1.2.1.1"),
                uids(new InstanceSelection(List.of("P1"), List.of("1.2", "2.1"), List.of(), List.of())));
    }

    @Test
    void aSelectionOfNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> InstanceSelection.ofInstances(List.of()));
    }

    @Test
    void moreThanAPageComesInOrderAndWhatArrivesMeanwhileDoesNot() throws SQLException {
        List<String> sent = IntStream.rangeClosed(1, 450)
                .mapToObj(number -> "1.1.1." + number)
                .toList();
        for (int i = sent.size(); i > 0; i--) {
            record("P", "1.1", "1.1.1", sent.get(i - 1), i);
        }
        SelectedInstances selected = catalogue.select(InstanceSelection.ofStudy("1.1"));
        record("P", "1.1", "1.1.1", "1.1.1.0", 0);
        test.execute("DELETE FROM object_copy WHERE object_fk = (SELECT max(id) FROM stored_object)");
        assertEquals(sent.size(), selected.size());
        List<String> seen = new ArrayList<>();
        for (StoredInstance next = selected.next(); next != null; next = selected.next()) {
            seen.add(next.sopInstanceUid());
        }
        assertEquals(sent, seen);
    }

    @Test
    void anInstanceTellsWhatIsStoredAndWhereGoodCopiesFirst() throws SQLException {
        record("P", "1.1", "1.1.1", "1.1.1.1", 1);
        test.execute(
                "INSERT INTO object_copy (object_fk, volume_fk, path) SELECT id, 2, 'there.dcm' FROM stored_object");
        StoredInstance instance = all(InstanceSelection.ofStudy("1.1")).getFirst();
        assertEquals("1.2.840.10008.5.1.4.1.1.2", instance.sopClassUid());
        assertEquals("1.2.840.10008.1.2.1", instance.transferSyntaxUid());
        assertEquals(Newcomers.sha256("1.1.1.1"), instance.dataSetSha256());
        assertEquals(6000, instance.fileLength());
        assertEquals(
                List.of("main", "b"),
                instance.copies().stream().map(StoredCopy::volumeName).toList());
        assertTrue(catalogue.suspect(instance, instance.copies().getFirst()));
        assertFalse(catalogue.suspect(instance, instance.copies().getFirst()));
        assertEquals(
                List.of("b", "main"),
                all(InstanceSelection.ofStudy("1.1")).getFirst().copies().stream()
                        .map(StoredCopy::volumeName)
                        .toList());
        test.execute("UPDATE object_copy SET state = 'LOST'");
        assertEquals(List.of(), all(InstanceSelection.ofStudy("1.1")).getFirst().copies());
    }

    @Test
    void theHeaderIsThatOfTheObjectOrNone() throws Exception {
        Dataset dataset = Newcomers.dataset("P", "1.1", "1.1.1", "1.1.1.1");
        ScannedObject scanned =
                new ScannedObject(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, dataset, List.of(), List.of(), 5000);
        Bytes header = Bytes.of(HeaderBlob.encode(scanned));
        record(DuplicatePolicy.KEEP_FIRST, NewInstance.of(dataset, header, Newcomers.object("first", (short) 1)));
        StoredInstance first = all(InstanceSelection.ofStudy("1.1")).getFirst();
        assertEquals(dataset, catalogue.header(first).orElseThrow().header());
        record(DuplicatePolicy.KEEP_LATEST, NewInstance.of(dataset, header, Newcomers.object("second", (short) 1)));
        assertTrue(catalogue.header(first).isEmpty(), "offsets of another object would be given for this one's");
        StoredInstance second = all(InstanceSelection.ofStudy("1.1")).getFirst();
        assertEquals(Newcomers.sha256("second"), second.dataSetSha256());
        assertTrue(catalogue.header(second).isPresent());
    }
}
