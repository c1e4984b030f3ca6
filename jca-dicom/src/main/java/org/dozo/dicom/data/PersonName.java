// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

/** A person's name in up to three representations, PS3.5 §6.2.1. Signatures first. */
public record PersonName(Group alphabetic, Group ideographic, Group phonetic) {

    /** The five components of one representation; empty strings where absent. */
    public record Group(String family, String given, String middle, String prefix, String suffix) {
        public static final Group EMPTY = new Group("", "", "", "", "");
    }

    /** Never throws. */
    public static PersonName parse(String value) {
        return new PersonName(new Group(value, "", "", "", ""), Group.EMPTY, Group.EMPTY);
    }
}
