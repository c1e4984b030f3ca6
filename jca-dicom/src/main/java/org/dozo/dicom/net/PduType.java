// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import org.jspecify.annotations.Nullable;

/** The protocol data units of PS3.8 §9.3. */
public enum PduType {
    ASSOCIATE_RQ(1),
    ASSOCIATE_AC(2),
    ASSOCIATE_RJ(3),
    P_DATA_TF(4),
    RELEASE_RQ(5),
    RELEASE_RP(6),
    ABORT(7);

    private static final PduType[] BY_CODE = values();

    private final int code;

    PduType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The type of a PDU's first byte; null if the standard does not know it. */
    public static @Nullable PduType of(int code) {
        return code >= 1 && code <= BY_CODE.length ? BY_CODE[code - 1] : null;
    }
}
