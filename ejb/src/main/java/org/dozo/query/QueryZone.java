// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.index.UtcOffset;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.Nullable;

/**
 * The zone that a query's dates and times are in, PS3.4 §C.2.2.2: those of its keys, and those of its matches. An object's own are in
 * the zone that it says, or else in the archive's. A date without a time is a day of the calendar and the same in every zone.
 *
 * @param asked Timezone Offset From UTC (0008,0201) of the identifier
 * @param archive the zone of objects that say none
 */
record QueryZone(ZoneOffset asked, ZoneId archive) {

    /** The day that a time without date is taken to be on: of the archive's zone its offset in winter (north of the equator). */
    static final LocalDate NO_DAY = LocalDate.of(2000, 1, 1);

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT);
    private static final int WHOLE_DATE = 8;

    /** A date and its time as they are written; either may be empty. */
    record Written(String date, String time) {}

    /**
     * @return null if the query's dates and times are to be compared as they are
     * @throws FailureException {@link Failure#BAD_IDENTIFIER} if the identifier has an offset that is none
     */
    static @Nullable QueryZone of(StudyQuery query, ZoneId archive) {
        Dataset identifier = query.identifier();
        boolean said =
                !identifier.getStrings(Tag.TIMEZONE_OFFSET_FROM_UTC).stream().allMatch(String::isBlank);
        if (!query.timezoneAdjustment() || !said) {
            return null;
        }
        ZoneOffset asked = UtcOffset.of(identifier);
        if (asked == null) {
            throw Keys.bad(Tag.TIMEZONE_OFFSET_FROM_UTC, "must be -1200 to +1400: sign, hours, minutes, such as +0900");
        }
        return new QueryZone(asked, archive);
    }

    /** A moment of the zone asked for, in UTC. */
    LocalDateTime utc(LocalDateTime moment) {
        return moment.minusSeconds(asked.getTotalSeconds());
    }

    /** From the zone of an object to the one asked for. Of an hour that comes twice it is the second, as PostgreSQL has it. */
    private LocalDateTime moved(LocalDateTime moment, @Nullable ZoneOffset own) {
        ZoneId zone = own == null ? archive : own;
        return ZonedDateTime.of(moment, zone)
                .withLaterOffsetAtOverlap()
                .withZoneSameInstant(asked)
                .toLocalDateTime();
    }

    /**
     * A date and its time in the zone asked for, as exact as they were. What can't be read, and a date without time, stays.
     *
     * @param own the offset that the object says; null for none
     */
    Written moved(String date, String time, @Nullable ZoneOffset own) {
        Span<LocalDate> days = date.isBlank() ? new Span<>(NO_DAY, NO_DAY) : Moments.date(date);
        Span<LocalTime> clock = Moments.time(time);
        if (days == null || days.from() == null || clock == null || clock.from() == null) {
            return new Written(date, time);
        }
        LocalDateTime before = days.from().atTime(clock.from());
        LocalDateTime after = moved(before, own);
        if (after.getYear() < 1 || after.getYear() > 9999) {
            return new Written(date, time);
        }
        return new Written(
                date.isBlank() ? date : after.format(DateTimeFormatter.BASIC_ISO_DATE),
                rewritten(time.strip().replace(":", ""), before, after));
    }

    /** With as many digits as before, or as many more as the zone needs. */
    private static String rewritten(String time, LocalDateTime before, LocalDateTime after) {
        int dot = time.indexOf('.');
        int digits = dot < 0 ? time.length() : dot;
        int needed = before.getSecond() != after.getSecond() ? 6 : before.getMinute() != after.getMinute() ? 4 : 2;
        return after.format(CLOCK).substring(0, Math.max(digits, needed)) + (dot < 0 ? "" : time.substring(dot));
    }

    /** One DT; what has an offset of its own, and what is no more exact than a day, stays. */
    private String moved(String moment, @Nullable ZoneOffset own) {
        String text = moment.strip();
        if (text.length() <= WHOLE_DATE || text.indexOf('+') >= 0 || text.indexOf('-') >= 0) {
            return moment;
        }
        Written written = moved(text.substring(0, WHOLE_DATE), text.substring(WHOLE_DATE), own);
        return written.date() + written.time();
    }

    /** Moves all dates and times of an object, those in sequences too, and says in which zone they are then. */
    void move(Dataset header) {
        move(header, null);
        header.setString(Tag.TIMEZONE_OFFSET_FROM_UTC, VR.SH, UtcOffset.text(asked));
    }

    private void move(Dataset dataset, @Nullable ZoneOffset inherited) {
        ZoneOffset said = UtcOffset.of(dataset);
        ZoneOffset own = said == null ? inherited : said;
        List<Element> elements = new ArrayList<>();
        dataset.forEach(elements::add);
        for (Element element : elements) {
            int tag = element.tag();
            if (element.isSequence()) {
                element.items().forEach(item -> move(item, own));
            } else if (element.vr() == VR.DT && !element.isEmpty()) {
                dataset.setStrings(
                        tag,
                        VR.DT,
                        dataset.getStrings(tag).stream()
                                .map(value -> moved(value, own))
                                .toList());
            } else if (element.vr() == VR.TM && !element.isEmpty() && isMoved(tag)) {
                moveTimes(dataset, tag, own);
            }
        }
        if (said != null) {
            dataset.setString(Tag.TIMEZONE_OFFSET_FROM_UTC, VR.SH, UtcOffset.text(asked));
        }
    }

    /** A patient is born on the same day everywhere; of private times nobody knows the date. */
    private static boolean isMoved(int time) {
        return time != Tag.PATIENT_BIRTH_TIME && !Tag.isPrivate(time);
    }

    private void moveTimes(Dataset dataset, int time, @Nullable ZoneOffset own) {
        int date = dateOf(time);
        List<String> dates = date == 0 ? List.of() : dataset.getStrings(date);
        List<String> times = dataset.getStrings(time);
        boolean alone = dates.stream().allMatch(String::isBlank);
        if (!alone && dates.size() != times.size()) {
            return;
        }
        List<Written> moved = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            moved.add(moved(alone ? "" : dates.get(i), times.get(i), own));
        }
        dataset.setStrings(time, VR.TM, moved.stream().map(Written::time).toList());
        if (!alone) {
            dataset.setStrings(date, VR.DA, moved.stream().map(Written::date).toList());
        }
    }

    /** The date that a time belongs to, by the names of PS3.6: Study Time to Study Date, Time of … to Date of …; 0 if it has none. */
    private static int dateOf(int time) {
        String keyword = Dictionary.keyword(time);
        if (keyword == null) {
            return 0;
        }
        String date = keyword.startsWith("TimeOf")
                ? keyword.replaceFirst("TimeOf", "DateOf")
                : keyword.replaceFirst("Time$", "Date");
        int tag = Dictionary.tag(date).orElse(0);
        return tag != 0 && Dictionary.vr(tag) == VR.DA ? tag : 0;
    }
}
