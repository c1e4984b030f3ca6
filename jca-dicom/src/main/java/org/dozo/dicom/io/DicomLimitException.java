// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;

/** The bytes may be DICOM, but ask for more than this node's {@link ParseLimits} grant. The message names limit and setting. */
public class DicomLimitException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String setting;

    /** @param setting the key in dozo.properties that raises the limit */
    public DicomLimitException(String what, long limit, String setting) {
        super(what + " is over the limit of " + limit + ", which is set by " + setting);
        this.setting = setting;
    }

    public String setting() {
        return setting;
    }
}
