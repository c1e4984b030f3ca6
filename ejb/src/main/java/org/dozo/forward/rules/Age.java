// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * So many days, weeks, months or years, as the language writes them ({@code 30 days}) and as VR AS does ({@code 018Y}, PS3.5 §6.2).
 *
 * @param count 0 to 99999
 */
record Age(int count, ChronoUnit unit) {

    private static final Pattern FORM =
            Pattern.compile("(\\d{1,5})\\s*(d|days?|w|weeks?|m|months?|y|years?)", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST = 40;
    private static final double DAYS_A_YEAR = 365.25;
    private static final double MONTHS_A_YEAR = 12;
    private static final double DAYS_A_WEEK = 7;

    /** Null if the text is no age. */
    static @Nullable Age of(String text) {
        String stripped = text.strip();
        Matcher matcher = FORM.matcher(stripped);
        if (stripped.length() > LONGEST || !matcher.matches()) {
            return null;
        }
        ChronoUnit unit = switch (matcher.group(2).toLowerCase(Locale.ROOT).charAt(0)) {
            case 'd' -> ChronoUnit.DAYS;
            case 'w' -> ChronoUnit.WEEKS;
            case 'm' -> ChronoUnit.MONTHS;
            default -> ChronoUnit.YEARS;
        };
        return new Age(Integer.parseInt(matcher.group(1)), unit);
    }

    /** By the calendar. */
    LocalDate before(LocalDate day) {
        return day.minus(count, unit);
    }

    /** On average: a year has 365.25. */
    double days() {
        return switch (unit) {
            case WEEKS -> count * DAYS_A_WEEK;
            case MONTHS -> count * DAYS_A_YEAR / MONTHS_A_YEAR;
            case YEARS -> count * DAYS_A_YEAR;
            default -> count;
        };
    }

    @Override
    public String toString() {
        String word = unit.name().toLowerCase(Locale.ROOT);
        return count + " " + (count == 1 ? word.substring(0, word.length() - 1) : word);
    }
}
