// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** B9, C12: many associations say the same at the same moment. */
@ExtendWith(SharedNode.class)
class ConcurrencyIT {

    private static final int ASSOCIATIONS = 20;

    @Test
    void theSameObjectFromManyAssociationsIsKeptOnce(DozoNode node) throws Exception {
        String root = "2.25." + System.nanoTime();
        assertAllStored(atOnce(node, i -> TestObject.ct(root, root + ".1", root + ".1.1", 4000)));
        assertEquals(1, rows(node, "stored_object o JOIN instance i ON i.id = o.instance_fk", root));
        TestObject other = TestObject.of(
                TestObject.CT,
                root + ".1.1",
                TestObject.EXPLICIT,
                TestObject.bytes(TestObject.header(TestObject.CT, root, root + ".1", root + ".1.1")));
        assertAllStored(atOnce(node, i -> other));
        assertEquals(2, rows(node, "stored_object o JOIN instance i ON i.id = o.instance_fk", root));
        assertEquals(1, rows(node, "discrepancy i", root), "other content is on the record");
        Checker.check(node)
                .report("sameObjectAtOnce", ASSOCIATIONS + " associations", 0, 0, Duration.ZERO, 0)
                .assertClean();
    }

    @Test
    void manyAssociationsMakeOnePatientAndOneStudy(DozoNode node) throws Exception {
        for (int round = 0; round < 10; round++) {
            String root = "2.25." + System.nanoTime();
            assertAllStored(atOnce(node, i -> TestObject.ct(root, root + ".1", root + ".1." + (i + 1), 100)));
            assertEquals(
                    1, node.count("SELECT count(*) FROM patient WHERE patient_id = 'ACC-" + root.hashCode() + "'"));
            assertEquals(1, node.count("SELECT count(*) FROM study WHERE study_instance_uid = '" + root + "'"));
            assertEquals(1, node.count("SELECT count(*) FROM series WHERE series_instance_uid = '" + root + ".1'"));
            assertEquals(ASSOCIATIONS, rows(node, "instance i", root));
        }
        Checker.check(node)
                .report("onePatientAtOnce", ASSOCIATIONS + " associations", 0, 0, Duration.ZERO, 0)
                .assertClean();
    }

    /** Nothing but the patient's own unique key makes these wait for one another. */
    @Test
    void manyStudiesOfOnePatientAtOnceMakeOnePatient(DozoNode node) throws Exception {
        for (int round = 0; round < 5; round++) {
            String root = "2.25." + System.nanoTime();
            String patient = "ONE-" + root;
            assertAllStored(atOnce(node, i -> studyOf(patient, root + "." + (i + 1))));
            assertEquals(1, node.count("SELECT count(*) FROM patient WHERE patient_id = '" + patient + "'"));
            assertEquals(
                    ASSOCIATIONS,
                    node.count("SELECT count(*) FROM study JOIN patient ON patient.id = study.patient_fk"
                            + " WHERE patient.patient_id = '" + patient + "'"));
        }
        Checker.check(node)
                .report("studiesOfOnePatientAtOnce", ASSOCIATIONS + " associations", 0, 0, Duration.ZERO, 0)
                .assertClean();
    }

    private static TestObject studyOf(String patientId, String study) {
        Dataset slice = TestObject.header(TestObject.CT, study, study + ".1", study + ".1.1");
        slice.setString(Tag.PATIENT_ID, VR.LO, patientId);
        return TestObject.of(TestObject.CT, study + ".1.1", TestObject.EXPLICIT, TestObject.bytes(slice));
    }

    private static long rows(DozoNode node, String tables, String root) throws Exception {
        return node.count("SELECT count(*) FROM " + tables + " WHERE i.sop_instance_uid LIKE '" + root + ".%'");
    }

    private static List<DimseStatus> atOnce(DozoNode node, IntFunction<TestObject> objects) throws Exception {
        CyclicBarrier start = new CyclicBarrier(ASSOCIATIONS);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<DimseStatus>> answers = new ArrayList<>();
            for (int i = 0; i < ASSOCIATIONS; i++) {
                TestObject object = objects.apply(i);
                answers.add(threads.submit(() -> {
                    try (Sender sender = Sender.open(node)) {
                        start.await();
                        return sender.store(object);
                    }
                }));
            }
            List<DimseStatus> statuses = new ArrayList<>();
            for (Future<DimseStatus> answer : answers) {
                statuses.add(answer.get());
            }
            return statuses;
        }
    }

    private static void assertAllStored(List<DimseStatus> answers) {
        answers.forEach(answer -> assertEquals(DimseStatus.SUCCESS, answer));
    }
}
