// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.util.Locale;

/** Makes names comparable. Signatures first. */
public final class NameFolding {

    private NameFolding() {}

    public static String fold(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
