// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.nio.charset.Charset;

/**
 * The characters NEC and IBM put into empty rows of JIS X 0208 (13: circled numbers and the like; 89 to 92: kanji of names, as
 * in 髙橋). Devices send them although the standard has none; they are read, and never written.
 */
final class VendorKanji {

    private VendorKanji() {}

    private static final Charset WINDOWS = Charset.forName("windows-31j");

    /** The character of two JIS bytes; {@link CodeElement#NONE} if no vendor put one there. */
    static char character(int first, int second) {
        int row = (first & 0x7F) - 0x20;
        int column = (second & 0x7F) - 0x20;
        boolean vendorRow = row == 13 || (row >= 89 && row <= 92);
        if (!vendorRow || column < 1 || column > 94) {
            return CodeElement.NONE;
        }
        int lead = (row - 1) / 2 + (row <= 62 ? 0x81 : 0xC1);
        int trail = row % 2 == 0 ? column + 0x9E : column + (column <= 63 ? 0x3F : 0x40);
        String text = new String(new byte[] {(byte) lead, (byte) trail}, WINDOWS);
        return text.length() == 1 ? text.charAt(0) : CodeElement.NONE;
    }
}
