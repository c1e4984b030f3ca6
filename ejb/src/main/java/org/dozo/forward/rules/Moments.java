// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times as operators and PS3.5 §6.2 (DA, TM, DT; also ACR-NEMA) write them, as spans on a line: dates in days since 1970,
 * times in microseconds since midnight, both together in microseconds since 1970 by the wall clock.
 */
final class Moments {

    private static final int LONGEST = 32;
    private static final Pattern DATE = Pattern.compile("(\\d{4})([-.]?)(\\d{2})\\2(\\d{2})|(\\d{4})(?:-(\\d{2}))?");
    private static final Pattern TIME = Pattern.compile("(\\d{2})(?::?(\\d{2})(?::?(\\d{2})(?:\\.(\\d{1,6}))?)?)?");
    private static final Pattern DICOM_MOMENT =
            Pattern.compile("(\\d{4})(\\d{2})?(\\d{2})?(\\d[\\d.]*)?(?:[+-]\\d{4})?");
    private static final double MICROS = 1e6;
    private static final int NANOS_A_MICRO = 1000;

    private Moments() {}

    /** A day, or a whole month or year; null if it is none. */
    static @Nullable Literal date(String text) {
        Matcher matcher = matcher(DATE, text);
        if (matcher == null) {
            return null;
        }
        try {
            if (matcher.group(1) != null) {
                LocalDate day =
                        LocalDate.of(number(matcher.group(1)), number(matcher.group(3)), number(matcher.group(4)));
                return days(day.toString(), day, day);
            }
            int year = number(matcher.group(5));
            if (matcher.group(6) == null) {
                return days(text.strip(), LocalDate.of(year, 1, 1), LocalDate.of(year, 12, 31));
            }
            YearMonth month = YearMonth.of(year, number(matcher.group(6)));
            return days(text.strip(), month.atDay(1), month.atEndOfMonth());
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Literal days(String text, LocalDate from, LocalDate to) {
        return new Literal(text, from.toEpochDay(), to.toEpochDay());
    }

    /** A time, which is as long as it leaves open: {@code 08:30} is a minute; null if it is none. */
    static @Nullable Literal time(String text) {
        Matcher matcher = matcher(TIME, text);
        if (matcher == null) {
            return null;
        }
        try {
            LocalTime from = time(matcher, 0, '0');
            LocalTime to = time(matcher, 59, '9');
            return new Literal(text.strip(), micros(from), micros(to));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static LocalTime time(Matcher matcher, int rest, char digit) {
        String fraction = matcher.group(4) == null ? "" : matcher.group(4);
        String micros = fraction + String.valueOf(digit).repeat(6 - fraction.length());
        return LocalTime.of(
                number(matcher.group(1)),
                number(matcher.group(2), rest),
                // PS3.5 knows a leap second.
                Math.min(59, number(matcher.group(3), rest)),
                number(micros) * NANOS_A_MICRO);
    }

    private static long micros(LocalTime time) {
        return time.toNanoOfDay() / NANOS_A_MICRO;
    }

    /** {@code 2026-01-31T08:30}, or as VR DT writes it; null if it is none. Offsets from UTC are left aside. */
    static @Nullable Literal moment(String text) {
        String stripped = text.strip();
        int t = stripped.indexOf('T');
        if (t > 0) {
            return moment(stripped, date(stripped.substring(0, t)), time(stripped.substring(t + 1)));
        }
        Matcher matcher = matcher(DICOM_MOMENT, stripped);
        if (matcher == null) {
            return moment(stripped, date(stripped), null);
        }
        String month = matcher.group(2) == null ? "" : "-" + matcher.group(2);
        String day = matcher.group(3) == null ? "" : "-" + matcher.group(3);
        Literal date = date(matcher.group(1) + month + day);
        String time = matcher.group(4);
        Literal clock = time == null ? null : time(time);
        return time != null && clock == null ? null : moment(stripped, date, clock);
    }

    private static @Nullable Literal moment(String text, @Nullable Literal date, @Nullable Literal time) {
        if (date == null || (time == null && text.indexOf('T') > 0) || (time != null && date.from() < date.to())) {
            return null;
        }
        double from = start(date.from());
        double to = time == null ? start(date.to() + 1) - 1 : from + time.to();
        return new Literal(text, time == null ? from : from + time.from(), to);
    }

    private static double start(double day) {
        LocalDateTime midnight = LocalDate.ofEpochDay((long) day).atStartOfDay();
        return midnight.toEpochSecond(ZoneOffset.UTC) * MICROS;
    }

    private static @Nullable Matcher matcher(Pattern pattern, String text) {
        if (text.length() > LONGEST) {
            return null;
        }
        Matcher matcher = pattern.matcher(text.strip());
        return matcher.matches() ? matcher : null;
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }

    private static int number(@Nullable String digits, int fallback) {
        return digits == null ? fallback : Integer.parseInt(digits);
    }
}
