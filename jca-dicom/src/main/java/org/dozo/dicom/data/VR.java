// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import org.jspecify.annotations.Nullable;

/** The value representations of PS3.5 §6.2 (2024 and later). */
public enum VR {
    AE(Kind.TEXT, 1, ' '),
    AS(Kind.TEXT, 1, ' '),
    AT(Kind.BINARY, 2, 0),
    CS(Kind.TEXT, 1, ' '),
    DA(Kind.TEXT, 1, ' '),
    DS(Kind.TEXT, 1, ' '),
    DT(Kind.TEXT, 1, ' '),
    FD(Kind.BINARY, 8, 0),
    FL(Kind.BINARY, 4, 0),
    IS(Kind.TEXT, 1, ' '),
    LO(Kind.LOCAL_TEXT, 1, ' '),
    LT(Kind.LOCAL_TEXT, 1, ' '),
    OB(Kind.BULK, 1, 0),
    OD(Kind.BULK, 8, 0),
    OF(Kind.BULK, 4, 0),
    OL(Kind.BULK, 4, 0),
    OV(Kind.BULK, 8, 0),
    OW(Kind.BULK, 2, 0),
    PN(Kind.LOCAL_TEXT, 1, ' '),
    SH(Kind.LOCAL_TEXT, 1, ' '),
    SL(Kind.BINARY, 4, 0),
    SQ(Kind.SEQUENCE, 1, 0),
    SS(Kind.BINARY, 2, 0),
    ST(Kind.LOCAL_TEXT, 1, ' '),
    SV(Kind.BINARY, 8, 0),
    TM(Kind.TEXT, 1, ' '),
    UC(Kind.LOCAL_TEXT, 1, ' '),
    UI(Kind.TEXT, 1, 0),
    UL(Kind.BINARY, 4, 0),
    UN(Kind.BULK, 1, 0),
    UR(Kind.TEXT, 1, ' '),
    US(Kind.BINARY, 2, 0),
    UT(Kind.LOCAL_TEXT, 1, ' '),
    UV(Kind.BINARY, 8, 0);

    private static final VR[] BY_CODE = new VR[26 * 26];

    static {
        for (VR vr : values()) {
            BY_CODE[index(vr.name().charAt(0), vr.name().charAt(1))] = vr;
        }
    }

    private enum Kind {
        TEXT,
        LOCAL_TEXT,
        BINARY,
        BULK,
        SEQUENCE
    }

    private final Kind kind;
    private final int unit;
    private final byte padding;

    VR(Kind kind, int unit, int padding) {
        this.kind = kind;
        this.unit = unit;
        this.padding = (byte) padding;
    }

    /** The VR of two bytes as they stand in an explicit VR stream, or null if they name none. */
    public static @Nullable VR of(int first, int second) {
        boolean letters = first >= 'A' && first <= 'Z' && second >= 'A' && second <= 'Z';
        return letters ? BY_CODE[index(first, second)] : null;
    }

    private static int index(int first, int second) {
        return (first - 'A') * 26 + second - 'A';
    }

    /** Whether the value is text, in whatever repertoire. */
    public boolean isText() {
        return kind == Kind.TEXT || kind == Kind.LOCAL_TEXT;
    }

    /** Whether Specific Character Set (0008,0005) applies to it, PS3.5 §6.1.2.2. */
    public boolean usesSpecificCharacterSet() {
        return kind == Kind.LOCAL_TEXT;
    }

    /** Whether the value is a fixed-size number or tag. */
    public boolean isBinaryNumber() {
        return kind == Kind.BINARY;
    }

    /** Whether the value is an octet or word stream (OB, OD, OF, OL, OV, OW) or unknown (UN). */
    public boolean isBulk() {
        return kind == Kind.BULK;
    }

    /** Whether a backslash separates values, PS3.5 §6.4. */
    public boolean isMultiValued() {
        return isText() && this != LT && this != ST && this != UT && this != UR;
    }

    /** Bytes that change places between little and big endian: 1, 2, 4 or 8. */
    public int swapUnit() {
        return this == AT ? 2 : unit;
    }

    /** Whether the length field of an explicit VR element is 32 bits after two reserved bytes, PS3.5 §7.1.2. */
    public boolean hasLongLength() {
        return switch (this) {
            case OB, OD, OF, OL, OV, OW, SQ, SV, UC, UN, UR, UT, UV -> true;
            default -> false;
        };
    }

    /** The byte that makes a value's length even. */
    public byte padding() {
        return padding;
    }
}
