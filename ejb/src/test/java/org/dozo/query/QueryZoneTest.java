// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.ZoneId;
import java.time.ZoneOffset;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.index.UtcOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PS3.4 §C.2.2.2: dates and times in the zone that a query asks for. */
class QueryZoneTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "+0900, 20200115, 103015.5, -0500, 20200114, 203015.5",
        "+0900, 20191231, 235959, +1400, 20200101, 045959",
        "-0500, 20201231, 2330, +0000, 20210101, 0430",
        "-0500, 20200228, 22, +0000, 20200229, 03",
        "+0530, 20200115, 10, +0000, 20200115, 0430",
        "+0900, 2020.01.15, 08:30:00, +0000, 20200114, 233000",
        "+0900, 20200115, '', -0500, 20200115, ''",
        "+0900, 20200115, none, -0500, 20200115, none",
        "+0900, 20201301, 1030, -0500, 20201301, 1030",
        "+0900, '', 1030, -0500, '', 2030",
        "+0000, 99991231, 2330, +0100, 99991231, 2330",
        "+0000, 00010101, 0030, -0100, 00010101, 0030",
        "'', 20200715, 0030, +0000, 20200714, 2230",
        "'', 20200115, 0030, +0000, 20200114, 2330",
        "'', 20201025, 0230, +0000, 20201025, 0130",
    })
    void aMomentIsMovedAsExactAsItWas(
            String own, String date, String time, String asked, String movedDate, String movedTime) {
        QueryZone zone = new QueryZone(offset(asked), BERLIN);
        assertEquals(
                new QueryZone.Written(movedDate, movedTime),
                zone.moved(date, time, own.isEmpty() ? null : offset(own)));
    }

    private static ZoneOffset offset(String text) {
        ZoneOffset offset = UtcOffset.of(text);
        if (offset == null) {
            throw new IllegalArgumentException(text);
        }
        assertEquals(text, UtcOffset.text(offset));
        return offset;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "0900", "+09", "+9", "+09:00", "+25:00", "+1500", "+1401", "-1201", "+0960", "UTC", "Z",
                "+٠٩٠٠"
            })
    void whatIsNoOffsetIsNone(String text) {
        assertNull(UtcOffset.of(text));
    }

    @Test
    void allOfAnObjectIsMovedButBirthAndWhatSaysItsOwnZone() {
        Dataset header = new Dataset()
                .setString(Tag.TIMEZONE_OFFSET_FROM_UTC, VR.SH, "+0900")
                .setString(Tag.CONTENT_DATE, VR.DA, "20210101")
                .setString(Tag.CONTENT_TIME, VR.TM, "0100")
                .setString(Tag.PATIENT_BIRTH_DATE, VR.DA, "19700101")
                .setString(Tag.PATIENT_BIRTH_TIME, VR.TM, "0100")
                .setString(Tag.SERIES_DATE, VR.DA, "20210101")
                .setStrings(
                        Tag.ACQUISITION_DATE_TIME, VR.DT, java.util.List.of("20210101010203.5", "20210101010000+0900"))
                .setString(0x0018_1201, VR.TM, "0100\\0200".split("\\\\"))
                .setString(0x0018_1200, VR.DA, "20210101\\20210102".split("\\\\"));
        Dataset inherits = header.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE);
        inherits.setString(0x0040_0002, VR.DA, "20210101").setString(0x0040_0003, VR.TM, "0100");
        Dataset own = header.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE);
        own.setString(Tag.TIMEZONE_OFFSET_FROM_UTC, VR.SH, "+0000")
                .setString(0x0040_0002, VR.DA, "20210101")
                .setString(0x0040_0003, VR.TM, "0100");
        new QueryZone(ZoneOffset.UTC, BERLIN).move(header);
        assertEquals("+0000", header.getString(Tag.TIMEZONE_OFFSET_FROM_UTC));
        assertEquals("20201231", header.getString(Tag.CONTENT_DATE));
        assertEquals("1600", header.getString(Tag.CONTENT_TIME));
        assertEquals("19700101", header.getString(Tag.PATIENT_BIRTH_DATE));
        assertEquals("0100", header.getString(Tag.PATIENT_BIRTH_TIME));
        assertEquals("20210101", header.getString(Tag.SERIES_DATE), "a day without time");
        assertEquals(
                java.util.List.of("20201231160203.5", "20210101010000+0900"),
                header.getStrings(Tag.ACQUISITION_DATE_TIME));
        assertEquals(java.util.List.of("20201231", "20210101"), header.getStrings(0x0018_1200));
        assertEquals(java.util.List.of("1600", "1700"), header.getStrings(0x0018_1201));
        assertEquals("20201231", inherits.getString(0x0040_0002));
        assertEquals("1600", inherits.getString(0x0040_0003));
        assertEquals("20210101", own.getString(0x0040_0002));
        assertEquals("0100", own.getString(0x0040_0003));
    }
}
