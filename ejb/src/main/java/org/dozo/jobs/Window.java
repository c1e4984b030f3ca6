// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;

/** A part of every day, such as {@code 22:00-06:00}; over midnight if its end is not after its start. */
public record Window(LocalTime from, LocalTime to) {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm").withResolverStyle(ResolverStyle.STRICT);

    /** @throws IllegalArgumentException naming the text and what is right */
    public static Window parse(String text) {
        String[] ends = text.split("-", -1);
        try {
            if (ends.length == 2) {
                LocalTime from = LocalTime.parse(ends[0].strip(), TIME);
                LocalTime to = LocalTime.parse(ends[1].strip(), TIME);
                if (!from.equals(to)) {
                    return new Window(from, to);
                }
            }
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(fault(text), e);
        }
        throw new IllegalArgumentException(fault(text));
    }

    private static String fault(String text) {
        return text + " is not a window such as 22:00-06:00, with two different times of day";
    }

    public boolean contains(LocalTime time) {
        return from.isBefore(to)
                ? !time.isBefore(from) && time.isBefore(to)
                : !time.isBefore(from) || time.isBefore(to);
    }

    /** How long until it opens, by a clock that is not put back or forward meanwhile; zero while it is open. */
    public Duration untilOpen(LocalTime time) {
        if (contains(time)) {
            return Duration.ZERO;
        }
        Duration today = Duration.between(time, from);
        return today.isNegative() ? today.plusDays(1) : today;
    }

    @Override
    public String toString() {
        return from + "-" + to;
    }
}
