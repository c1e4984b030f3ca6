// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;

/** Parts of a range of Study Dates, as C-FIND asks for them by range matching (PS3.4 §C.2.2.2.5), and how they are divided. */
final class Spans {

    private static final int LAST_SECOND = 86_399;
    private static final int SHORTEST_SECONDS = 60;

    private Spans() {}

    static Dataset keys(MigrationLedger.Span span, String modality) {
        Dataset keys = new Dataset()
                .setString(Tag.STUDY_DATE, VR.DA, date(span.from()) + "-" + date(span.to()))
                .setString(
                        Tag.STUDY_TIME,
                        VR.TM,
                        isPartOfDay(span) ? time(span.fromSecond()) + "-" + time(span.toSecond()) : "")
                .setString(Tag.MODALITIES_IN_STUDY, VR.CS, modality);
        return span.from().equals(span.to()) ? keys.setString(Tag.STUDY_DATE, VR.DA, date(span.from())) : keys;
    }

    /** More than one. */
    static boolean isOfDays(MigrationLedger.Span span) {
        return span.from().isBefore(span.to());
    }

    private static boolean isPartOfDay(MigrationLedger.Span span) {
        return span.fromSecond() > 0 || span.toSecond() < LAST_SECOND;
    }

    private static String date(LocalDate date) {
        return date.format(DateTimeFormatter.BASIC_ISO_DATE);
    }

    private static String time(int second) {
        return "%02d%02d%02d".formatted(second / 3600, second / 60 % 60, second % 60);
    }

    /** Whether a match is one that was asked for; a source may leave out Modalities in Study, or not match by it. */
    static boolean isOf(Dataset match, String modality) {
        List<String> modalities = match.getStrings(Tag.MODALITIES_IN_STUDY);
        return modality.isEmpty() || modalities.isEmpty() || modalities.contains(modality);
    }

    /** Why halving a part whose answer may be cut leads to no whole answer; empty if it may. */
    static String whyNotHalved(MigrationLedger.Span span, List<Dataset> found) {
        if (!isDivisible(span)) {
            return "A minute of a day has as many studies as it names at once";
        }
        if (isOfDays(span)) {
            return "";
        }
        if (found.stream().anyMatch(match -> match.getString(Tag.STUDY_TIME, "").isEmpty())) {
            return "The day has more studies than it names at once, and some have no Study Time to tell them apart";
        }
        return found.stream().allMatch(match -> isWithin(match, span))
                ? ""
                : "The day has more studies than it names at once, and it does not match by Study Time";
    }

    private static boolean isWithin(Dataset match, MigrationLedger.Span span) {
        String time = (match.getString(Tag.STUDY_TIME, "").replace(":", "") + "000000").substring(0, 6);
        return time.compareTo(time(span.fromSecond())) >= 0 && time.compareTo(time(span.toSecond())) <= 0;
    }

    static boolean isDivisible(MigrationLedger.Span span) {
        return isOfDays(span) || span.toSecond() - span.fromSecond() + 1 > SHORTEST_SECONDS;
    }

    static List<MigrationLedger.Span> halves(MigrationLedger.Span span) {
        if (isOfDays(span)) {
            LocalDate middle =
                    span.from().plusDays((span.to().toEpochDay() - span.from().toEpochDay()) / 2);
            return List.of(
                    new MigrationLedger.Span(span.from(), middle, 0, LAST_SECOND, 0),
                    new MigrationLedger.Span(middle.plusDays(1), span.to(), 0, LAST_SECOND, 0));
        }
        int middle = (span.fromSecond() + span.toSecond()) / 2;
        return List.of(
                new MigrationLedger.Span(span.from(), span.to(), span.fromSecond(), middle, 0),
                new MigrationLedger.Span(span.from(), span.to(), middle + 1, span.toSecond(), 0));
    }
}
