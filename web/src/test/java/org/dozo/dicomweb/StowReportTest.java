// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.URI;
import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.ingest.StowResult;
import org.dozo.shared.Failure;
import org.junit.jupiter.api.Test;

class StowReportTest {

    private static final StowResult ONE = new StowResult("1.9", "1.2.3", "1.2", "1.2.1", null, "");
    private static final StowResult OTHER_STUDY = new StowResult("1.9", "1.3.3", "1.3", "1.3.1", null, "");
    private static final StowResult MISMATCH = new StowResult("1.9", "1.2.4", "", "", Failure.DATA_SET_MISMATCH, "why");
    private static final StowResult FULL = new StowResult("1.9", "1.2.5", "", "", Failure.VOLUME_FULL, "full");
    private static final StowResult NONSENSE = StowResult.refused(Failure.CANNOT_UNDERSTAND, "what");

    private static StowReport report(StowResult... results) {
        StowReport report = new StowReport(new RetrieveUrls(URI.create("http://h/dicomweb")));
        List.of(results).forEach(report::add);
        return report;
    }

    @Test
    void theStatusSaysWhetherAllSomeOrNoneAreStored() {
        assertEquals(200, report(ONE, OTHER_STUDY).status());
        assertEquals(202, report(ONE, MISMATCH).status());
        assertEquals(409, report(MISMATCH, NONSENSE, FULL).status());
        assertEquals(503, report(FULL).status());
    }

    @Test
    void storedObjectsAreReferencedByWhereTheyAre() {
        Dataset answer = report(ONE).dataset();
        assertEquals("http://h/dicomweb/studies/1.2", answer.getString(Tag.RETRIEVE_URL));
        Dataset item = answer.getItems(Tag.REFERENCED_SOP_SEQUENCE).getFirst();
        assertEquals("1.9", item.getString(Tag.REFERENCED_SOP_CLASS_UID));
        assertEquals("1.2.3", item.getString(Tag.REFERENCED_SOP_INSTANCE_UID));
        assertEquals("http://h/dicomweb/studies/1.2/series/1.2.1/instances/1.2.3", item.getString(Tag.RETRIEVE_URL));
        assertFalse(answer.contains(Tag.FAILED_SOP_SEQUENCE));
        assertFalse(report(ONE, OTHER_STUDY).dataset().contains(Tag.RETRIEVE_URL), "no one URL gives both studies");
    }

    @Test
    void refusedObjectsAreNamedWithTheirReasonWhereTheyHaveAName() {
        Dataset answer = report(MISMATCH, NONSENSE).dataset();
        Dataset failed = answer.getItems(Tag.FAILED_SOP_SEQUENCE).getFirst();
        assertEquals("1.2.4", failed.getString(Tag.REFERENCED_SOP_INSTANCE_UID));
        assertEquals(0xA900, failed.getInt(Tag.FAILURE_REASON, 0));
        Dataset other = answer.getItems(Tag.OTHER_FAILURES_SEQUENCE).getFirst();
        assertEquals(0xC000, other.getInt(Tag.FAILURE_REASON, 0));
        assertEquals(1, other.size());
        assertEquals(
                List.of("why", "what"), report(MISMATCH, NONSENSE, MISMATCH).comments());
    }
}
