// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.regex.Pattern;
import org.dozo.dicom.data.VR;

/**
 * What one value of text may be, PS3.5 §6.2.
 *
 * @param most characters
 * @param form that it must have as a whole
 * @param expected in words
 */
record TextRule(int most, Pattern form, String expected) {

    private static final Pattern LINE = Pattern.compile("\\P{Cntrl}*");
    private static final Pattern TEXT = Pattern.compile("[\\P{Cntrl}\\t\\n\\f\\r]*");
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}=]{0,64}(=[^\\p{Cntrl}=]{0,64}){0,2}");
    private static final int LONGEST = 4096;

    /** @param vr of text, and no UID */
    static TextRule of(VR vr) {
        return switch (vr) {
            case AE -> line(16);
            case AS -> of(4, "\\d{3}[DWMY]", "three digits and one of D, W, M, Y, as 018Y");
            case CS -> of(16, "[A-Z0-9_ ]*", "at most 16 capitals, digits, spaces and underscores");
            case DA ->
                of(
                        8,
                        "\\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])",
                        "year, month and day in eight digits, as 20260131");
            case DS ->
                of(16, "[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([Ee][+-]?\\d+)?", "a number of at most 16 characters, as 2.5");
            case DT -> of(26, "\\d{4}(\\d\\d){0,5}(\\.\\d{1,6})?([+-]\\d{4})?", "a date and time, as 20260131083015");
            case IS -> of(12, "[+-]?\\d{1,11}", "a whole number of at most 12 characters");
            case TM -> of(13, "\\d\\d([0-5]\\d([0-5]\\d(\\.\\d{1,6})?)?)?", "a time, as 083015");
            case PN -> new TextRule(194, NAME, "at most three groups with = between, of at most 64 characters each");
            case SH -> line(16);
            case LO -> line(64);
            case ST -> text(1024);
            case LT, UT -> text(LONGEST);
            default -> line(LONGEST);
        };
    }

    private static TextRule of(int most, String form, String expected) {
        return new TextRule(most, Pattern.compile(form), expected);
    }

    private static TextRule line(int most) {
        return new TextRule(most, LINE, "at most " + most + " characters on one line");
    }

    private static TextRule text(int most) {
        return new TextRule(
                most, TEXT, "at most " + most + " characters, no control characters but tabs and new lines");
    }

    boolean holds(String value) {
        return value.length() <= most && form.matcher(value).matches();
    }
}
