// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

/** Priority (0000,0700) of a DIMSE request, PS3.7 §E.1. */
public enum Priority {
    MEDIUM(0),
    HIGH(1),
    LOW(2);

    private final int code;

    Priority(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The priority of a code; any code that the standard does not know is {@link #MEDIUM}. */
    public static Priority of(int code) {
        return code == 1 ? HIGH : code == 2 ? LOW : MEDIUM;
    }
}
