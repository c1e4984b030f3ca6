// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;

class SpansTest {

    private static final LocalDate DAY = LocalDate.of(2019, 2, 28);
    private static final MigrationLedger.Span WHOLE_DAY = new MigrationLedger.Span(DAY, DAY, 0, 86_399, 0);

    private static Dataset at(String time) {
        return new Dataset().setString(Tag.STUDY_TIME, VR.TM, time);
    }

    @Test
    void daysAreAskedForByARangeADayByItselfAPartOfItByTime() {
        MigrationLedger.Span days = new MigrationLedger.Span(DAY, DAY.plusDays(1), 0, 86_399, 0);
        assertEquals("20190228-20190301", Spans.keys(days, "").getString(Tag.STUDY_DATE, ""));
        assertEquals("20190228", Spans.keys(WHOLE_DAY, "").getString(Tag.STUDY_DATE, ""));
        assertEquals("", Spans.keys(WHOLE_DAY, "").getString(Tag.STUDY_TIME, ""));
        MigrationLedger.Span noon = new MigrationLedger.Span(DAY, DAY, 43_200, 43_259, 0);
        assertEquals("120000-120059", Spans.keys(noon, "CT").getString(Tag.STUDY_TIME, ""));
        assertEquals("CT", Spans.keys(noon, "CT").getString(Tag.MODALITIES_IN_STUDY, ""));
    }

    @Test
    void halvesLeaveNoSecondOutAndShareNone() {
        Deque<MigrationLedger.Span> open = new ArrayDeque<>();
        open.add(new MigrationLedger.Span(DAY, DAY.plusDays(4), 0, 86_399, 0));
        List<MigrationLedger.Span> last = new ArrayList<>();
        while (!open.isEmpty()) {
            MigrationLedger.Span span = open.removeFirst();
            if (Spans.isDivisible(span)) {
                List<MigrationLedger.Span> halves = Spans.halves(span);
                open.addFirst(halves.getLast());
                open.addFirst(halves.getFirst());
            } else {
                last.add(span);
            }
        }
        LocalDate day = DAY;
        int second = 0;
        for (MigrationLedger.Span span : last) {
            assertEquals(day, span.from());
            assertEquals(day, span.to());
            assertEquals(second, span.fromSecond());
            assertTrue(span.toSecond() - span.fromSecond() < 60, span.toString());
            second = span.toSecond() + 1;
            if (second == 86_400) {
                second = 0;
                day = day.plusDays(1);
            }
        }
        assertEquals(DAY.plusDays(5), day);
    }

    @Test
    void aDayIsHalvedOnlyIfTheTimesTellItsStudiesApart() {
        assertEquals("", Spans.whyNotHalved(WHOLE_DAY, List.of(at("101500.12"), at("23"))));
        assertTrue(Spans.whyNotHalved(WHOLE_DAY, List.of(at("101500"), at(""))).contains("no Study Time"));
        MigrationLedger.Span morning = new MigrationLedger.Span(DAY, DAY, 0, 43_199, 0);
        assertTrue(Spans.whyNotHalved(morning, List.of(at("101500"), at("130000")))
                .contains("does not match by Study Time"));
        MigrationLedger.Span minute = new MigrationLedger.Span(DAY, DAY, 0, 59, 0);
        assertFalse(Spans.whyNotHalved(minute, List.of(at("000010"))).isEmpty());
    }

    @Test
    void aMatchOfAnotherModalityIsNoneAndOneThatTellsNoneMayBe() {
        Dataset mr = new Dataset().setStrings(Tag.MODALITIES_IN_STUDY, VR.CS, List.of("MR", "SR"));
        assertFalse(Spans.isOf(mr, "CT"));
        assertTrue(Spans.isOf(mr, "SR"));
        assertTrue(Spans.isOf(mr, ""));
        assertTrue(Spans.isOf(new Dataset(), "CT"));
    }
}
