// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

/**
 * A person's name in up to three representations, PS3.5 §6.2.1. Nothing is too malformed to be read: components beyond the
 * fifth stay in the suffix, groups beyond the third in the last component of the phonetic one, delimiters and all.
 *
 * @param alphabetic in a single-byte script; Japanese systems also put half-width katakana here
 * @param ideographic in kanji, hanzi or hanja
 * @param phonetic in kana or hangul
 * @param irregular whether the text had more groups or components than the standard allows
 */
public record PersonName(Group alphabetic, Group ideographic, Group phonetic, boolean irregular) {

    public static final PersonName EMPTY = new PersonName(Group.EMPTY, Group.EMPTY, Group.EMPTY, false);

    private static final int GROUPS = 3;
    private static final int COMPONENTS = 5;

    /** The five components of one representation; empty strings where absent, without spaces around them. */
    public record Group(String family, String given, String middle, String prefix, String suffix) {

        public static final Group EMPTY = new Group("", "", "", "", "");

        private static Group parse(String text) {
            String[] parts = text.split("\\^", COMPONENTS);
            String[] components = {"", "", "", "", ""};
            for (int i = 0; i < parts.length; i++) {
                components[i] = parts[i].strip();
            }
            return new Group(components[0], components[1], components[2], components[3], components[4]);
        }

        public boolean isEmpty() {
            return equals(EMPTY);
        }

        /** The components between carets, without trailing carets. */
        @Override
        public String toString() {
            return withoutTrailing('^', String.join("^", family, given, middle, prefix, suffix));
        }
    }

    /** A name in good order. */
    public PersonName(Group alphabetic, Group ideographic, Group phonetic) {
        this(alphabetic, ideographic, phonetic, false);
    }

    /** Reads one value (not several between backslashes) of VR PN. Never throws. */
    public static PersonName parse(String value) {
        String[] parts = value.split("=", GROUPS);
        Group[] groups = {Group.EMPTY, Group.EMPTY, Group.EMPTY};
        boolean irregular = false;
        for (int i = 0; i < parts.length; i++) {
            groups[i] = Group.parse(parts[i]);
            irregular |= groups[i].suffix().indexOf('^') >= 0;
        }
        irregular |= parts[parts.length - 1].indexOf('=') >= 0;
        return new PersonName(groups[0], groups[1], groups[2], irregular);
    }

    public boolean isEmpty() {
        return alphabetic.isEmpty() && ideographic.isEmpty() && phonetic.isEmpty();
    }

    /** The value as DICOM writes it, without trailing delimiters. */
    @Override
    public String toString() {
        return withoutTrailing(
                '=', String.join("=", alphabetic.toString(), ideographic.toString(), phonetic.toString()));
    }

    private static String withoutTrailing(char delimiter, String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == delimiter) {
            end--;
        }
        return text.substring(0, end);
    }
}
