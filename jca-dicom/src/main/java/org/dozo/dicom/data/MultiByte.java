// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The character sets without code extensions whose characters may take several bytes, PS3.5 Annex J and §6.1.2.4. Bytes below
 * 80 that begin a character are ASCII in all of them; as trail bytes they may look like a delimiter (5C, 5E) and are none.
 */
enum MultiByte {
    UTF_8(StandardCharsets.UTF_8) {
        @Override
        int length(byte[] value, int at) {
            int lead = value[at] & 0xFF;
            int length = lead < 0xC2 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 1;
            for (int i = 1; i < length; i++) {
                if (at + i >= value.length || (value[at + i] & 0xC0) != 0x80) {
                    return 1;
                }
            }
            return length;
        }
    },
    GB18030(Charset.forName("GB18030")) {
        @Override
        int length(byte[] value, int at) {
            boolean digits = isDigit(value, at + 1) && isIn(value, at + 2, 0x81, 0xFE) && isDigit(value, at + 3);
            return digits && isIn(value, at, 0x81, 0xFE) ? 4 : GBK.length(value, at);
        }

        private boolean isDigit(byte[] value, int at) {
            return isIn(value, at, '0', '9');
        }
    },
    GBK(Charset.forName("GBK")) {
        @Override
        int length(byte[] value, int at) {
            boolean trail = isIn(value, at + 1, 0x40, 0x7E) || isIn(value, at + 1, 0x80, 0xFE);
            return trail && isIn(value, at, 0x81, 0xFE) ? 2 : 1;
        }
    },
    /** No defined term; what devices send that declare ISO_IR 13 and mean Windows. */
    SHIFT_JIS(Charset.forName("windows-31j")) {
        @Override
        int length(byte[] value, int at) {
            boolean lead = isIn(value, at, 0x81, 0x9F) || isIn(value, at, 0xE0, 0xFC);
            boolean trail = isIn(value, at + 1, 0x40, 0x7E) || isIn(value, at + 1, 0x80, 0xFC);
            return lead && trail ? 2 : 1;
        }
    };

    final Charset charset;

    MultiByte(Charset charset) {
        this.charset = charset;
    }

    /** Bytes of the character that begins at this byte, which is 80 or above; 1 if no well-formed one does. */
    abstract int length(byte[] value, int at);

    private static boolean isIn(byte[] value, int at, int low, int high) {
        return at < value.length && (value[at] & 0xFF) >= low && (value[at] & 0xFF) <= high;
    }
}
