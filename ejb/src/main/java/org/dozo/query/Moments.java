// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times as keys and values write them, PS3.5 §6.2 (DA, TM, DT), also in the forms of ACR-NEMA. One that leaves out its
 * smaller parts is the whole time that its parts leave open: 10 is from 10:00:00 to 10:59:59.999999. A DT without offset is
 * in UTC if nothing else is said.
 */
final class Moments {

    private static final Pattern DATE = Pattern.compile("(\\d{4})\\.?(\\d{2})\\.?(\\d{2})");
    private static final Pattern TIME = Pattern.compile("(\\d{2})(?::?(\\d{2})(?::?(\\d{2})(?:\\.(\\d{1,6}))?)?)?");
    private static final String MOMENT =
            "\\d{4}(?:\\d{2}(?:\\d{2}(?:\\d{2}(?:\\d{2}(?:\\d{2}(?:\\.\\d{1,6})?)?)?)?)?)?(?:[+-]\\d{4})?";
    private static final Pattern DATE_TIME_RANGE = Pattern.compile("(" + MOMENT + ")?-(" + MOMENT + ")?");
    private static final int MICRO = 1000;

    private Moments() {}

    /** @return null if the text is neither a date nor a range of dates */
    static @Nullable Span<LocalDate> dates(String text) {
        return range(text, Moments::date);
    }

    /** @return null if the text is neither a time nor a range of times */
    static @Nullable Span<LocalTime> times(String text) {
        return range(text, Moments::time);
    }

    /** A hyphen before four digits is read as an offset from UTC where that makes a value. In UTC; null if it is none. */
    static @Nullable Span<LocalDateTime> dateTimes(String text) {
        return dateTimes(text, ZoneOffset.UTC);
    }

    /** @param unwritten the offset of what is written without one */
    static @Nullable Span<LocalDateTime> dateTimes(String text, ZoneOffset unwritten) {
        Span<LocalDateTime> single = dateTime(text.strip(), unwritten);
        if (single != null) {
            return single;
        }
        Matcher matcher = DATE_TIME_RANGE.matcher(text.replace(" ", ""));
        return matcher.matches() ? join(matcher.group(1), matcher.group(2), part -> dateTime(part, unwritten)) : null;
    }

    private static <T extends Comparable<? super T>> @Nullable Span<T> range(
            String text, Function<String, @Nullable Span<T>> reader) {
        int hyphen = text.indexOf('-');
        if (hyphen < 0) {
            return reader.apply(text.strip());
        }
        String from = text.substring(0, hyphen).strip();
        String to = text.substring(hyphen + 1).strip();
        return join(from.isEmpty() ? null : from, to.isEmpty() ? null : to, reader);
    }

    private static <T extends Comparable<? super T>> @Nullable Span<T> join(
            @Nullable String from, @Nullable String to, Function<String, @Nullable Span<T>> reader) {
        Span<T> first = from == null ? null : reader.apply(from);
        Span<T> last = to == null ? null : reader.apply(to);
        boolean broken =
                (from != null && first == null) || (to != null && last == null) || (from == null && to == null);
        return broken ? null : new Span<>(first == null ? null : first.from(), last == null ? null : last.to());
    }

    static @Nullable Span<LocalDate> date(String text) {
        Matcher matcher = DATE.matcher(text.strip());
        if (!matcher.matches() || matcher.group(1).equals("0000")) {
            return null;
        }
        try {
            LocalDate date =
                    LocalDate.of(number(matcher.group(1), 0), number(matcher.group(2), 0), number(matcher.group(3), 0));
            return new Span<>(date, date);
        } catch (DateTimeException e) {
            return null;
        }
    }

    static @Nullable Span<LocalTime> time(String text) {
        Matcher matcher = TIME.matcher(text.strip());
        if (!matcher.matches()) {
            return null;
        }
        String fraction = matcher.group(4) == null ? "" : matcher.group(4);
        try {
            return new Span<>(
                    LocalTime.of(
                            number(matcher.group(1), 0),
                            number(matcher.group(2), 0),
                            Math.min(number(matcher.group(3), 0), 59),
                            number((fraction + "000000").substring(0, 6), 0) * MICRO),
                    LocalTime.of(
                            number(matcher.group(1), 0),
                            number(matcher.group(2), 59),
                            Math.min(number(matcher.group(3), 59), 59),
                            number((fraction + "999999").substring(0, 6), 0) * MICRO));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** @param unwritten the offset of what is written without one */
    static @Nullable Span<LocalDateTime> dateTime(String text, ZoneOffset unwritten) {
        if (!text.matches(MOMENT)) {
            return null;
        }
        int sign = Math.max(text.indexOf('+'), text.indexOf('-'));
        String digits = sign < 0 ? text : text.substring(0, sign);
        try {
            ZoneOffset offset = sign < 0 ? unwritten : ZoneOffset.of(text.substring(sign));
            int year = number(part(digits, 0, 4), 1);
            String month = part(digits, 4, 6);
            String day = part(digits, 6, 8);
            String rest = digits.length() > 8 ? digits.substring(8) : null;
            Span<LocalTime> time = rest == null ? new Span<>(LocalTime.MIN, END_OF_DAY) : time(rest);
            if (time == null || time.from() == null || time.to() == null || year == 0) {
                return null;
            }
            int lastMonth = number(month, 12);
            int lastDay = number(day, YearMonth.of(year, lastMonth).lengthOfMonth());
            LocalDateTime from =
                    LocalDate.of(year, number(month, 1), number(day, 1)).atTime(time.from());
            LocalDateTime to = LocalDate.of(year, lastMonth, lastDay).atTime(time.to());
            int seconds = offset.getTotalSeconds();
            return new Span<>(from.minusSeconds(seconds), to.minusSeconds(seconds));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The last microsecond, the finest that DICOM and the database know. */
    static final LocalTime END_OF_DAY = LocalTime.of(23, 59, 59, 999_999 * MICRO);

    private static @Nullable String part(String digits, int from, int to) {
        return digits.length() >= to ? digits.substring(from, to) : null;
    }

    private static int number(@Nullable String digits, int fallback) {
        return digits == null ? fallback : Integer.parseInt(digits);
    }
}
