// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

/**
 * The Status (0000,0900), Error Comment (0000,0902) and Offending Element (0000,0901) of a DIMSE response, PS3.7 Annex C.
 *
 * @param code 0x0000 to 0xFFFF
 * @param comment sent as Error Comment, cut to the 64 characters of VR LO; empty for none. Never holds patient data.
 * @param offendingElement the tag that the status is about; 0 for none
 */
public record DimseStatus(int code, String comment, int offendingElement) {

    public static final DimseStatus SUCCESS = new DimseStatus(0x0000, "");

    public DimseStatus {
        if (code < 0 || code > 0xFFFF) {
            throw new IllegalArgumentException("DIMSE status " + code + " is not in 0x0000 to 0xFFFF");
        }
    }

    /** About no element in particular. */
    public DimseStatus(int code, String comment) {
        this(code, comment, 0);
    }

    /** Whether it is an intermediate response: more follow (FF00, FF01). */
    public boolean isPending() {
        return code == 0xFF00 || code == 0xFF01;
    }

    /** Whether the operation was done, with or without a warning (0000, 0001, 0107, 0116, Bxxx). */
    public boolean isDone() {
        return code == 0 || code == 0x0001 || code == 0x0107 || code == 0x0116 || (code & 0xF000) == 0xB000;
    }

    @Override
    public String toString() {
        return comment.isEmpty() ? "%04XH".formatted(code) : "%04XH %s".formatted(code, comment);
    }
}
