// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.dozo.index.FiledHeaders;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three studies: CT from ER (two series of 20), MR from a file, US with a KO that came last. */
class RuleTrialIT {

    private FiledObjects filed;
    private RuleTrial trial;

    @BeforeEach
    void open() throws SQLException, IOException {
        filed = new FiledObjects();
        trial = new RuleTrial(new FiledHeaders(filed.database));
        for (int series = 1; series <= 2; series++) {
            for (int instance = 1; instance <= 20; instance++) {
                filed.file(FiledObjects.object(1, series, instance, "CT"), "CT_ER", "10.1.2.3");
            }
        }
        filed.file(FiledObjects.object(2, 1, 1, "MR"), "", "file");
        filed.file(FiledObjects.object(3, 1, 1, "US"), "US1", "10.9.9.9");
        filed.file(FiledObjects.object(3, 2, 1, "KO"), "PACS", "10.9.9.9");
    }

    @AfterEach
    void close() {
        filed.close();
    }

    private StudyTrial onStudy(String condition, int study) throws SQLException {
        return trial.onStudy(Condition.parse(condition), "1.2.3." + study);
    }

    private PastTrial onLatest(String condition, int studies) throws SQLException {
        return trial.onLatest(Condition.parse(condition), studies);
    }

    @Test
    void ofAStudyEachInstanceIsNamedWithWhatFails() throws SQLException {
        StudyTrial result = onStudy("source.ae ~ ER and instanceNumber <= 3 and seriesNumber = 2", 1);
        assertEquals(3, result.matching());
        assertEquals(40, result.of());
        assertTrue(result.complete());
        assertEquals(40, result.instances().size());
        assertEquals("1.2.3.1.1.1", result.instances().getFirst().sopInstanceUid());
        assertEquals(
                "seriesNumber = 2: it is \"1\"", result.instances().getFirst().whyNot());
        assertEquals(
                "instanceNumber <= 3: it is \"20\"",
                result.instances().getLast().whyNot());
        assertEquals("", result.instances().get(20).whyNot());
    }

    @Test
    void aStudyThatIsNotThereIsNotFound() {
        FailureException refused = assertThrows(FailureException.class, () -> onStudy("all", 9));
        assertEquals(Failure.NOT_FOUND, refused.failure());
        assertThrows(FailureException.class, () -> trial.onStudy(Condition.parse("all"), "\0"));
    }

    @Test
    void ofTheLastStudiesThoseAreCountedOfWhichAnInstanceMatches() throws SQLException {
        assertEquals(new PastTrial(1, 3, true, 0, List.of("1.2.3.3")), onLatest("modality = KO", 1000));
        assertEquals(
                new PastTrial(2, 3, true, 0, List.of("1.2.3.3", "1.2.3.1")), onLatest("source.address != file", 3));
        assertEquals(new PastTrial(0, 2, true, 0, List.of()), onLatest("modality = CT", 2));
        assertEquals(
                new PastTrial(1, 3, true, 0, List.of("1.2.3.1")),
                onLatest("seriesNumber = 2 and instanceNumber = 20", 3),
                "the last instance of the last series");
    }

    @Test
    void aDamagedHeaderIsCountedAndHidesNothing() throws SQLException {
        filed.test.execute("UPDATE instance SET header = '\\x0107' WHERE sop_instance_uid = '1.2.3.3.1.1'");
        assertEquals(new PastTrial(1, 1, true, 1, List.of("1.2.3.3")), onLatest("modality = KO", 1));
        StudyTrial result = onStudy("all", 3);
        assertEquals(1, result.matching());
        assertTrue(result.instances().getFirst().whyNot().contains("./dozo reindex"));
    }

    @Test
    void aTrialThatHasNoMoreTimeSaysSo() throws SQLException {
        RuleTrial hurried = new RuleTrial(new FiledHeaders(filed.database), Duration.ofNanos(-1));
        assertEquals(new PastTrial(0, 0, false, 0, List.of()), hurried.onLatest(Condition.parse("all"), 3));
        assertFalse(hurried.onStudy(Condition.parse("all"), "1.2.3.1").complete());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 10_001})
    void theNumberOfStudiesIsBounded(int studies) {
        FailureException refused = assertThrows(FailureException.class, () -> onLatest("all", studies));
        assertEquals(Failure.INVALID_RECORD, refused.failure());
    }
}
