// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Elements made byte by byte, right or wrong as a test needs them. Little endian. */
final class Bytes {

    static final long UNDEFINED = 0xFFFF_FFFFL;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes raw(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }

    Bytes bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    Bytes text(String text) {
        return bytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Bytes u16(int value) {
        return raw(value, value >>> 8);
    }

    Bytes u32(long value) {
        return u16((int) value).u16((int) (value >>> 16));
    }

    Bytes tag(int tag) {
        return u16(tag >>> 16).u16(tag);
    }

    /** The header of an explicit VR element with a 16-bit length. */
    Bytes shortHeader(int tag, String vr, int length) {
        return tag(tag).text(vr).u16(length);
    }

    /** The header of an explicit VR element with a 32-bit length. */
    Bytes longHeader(int tag, String vr, long length) {
        return tag(tag).text(vr).u16(0).u32(length);
    }

    /** The header of an implicit VR element, an item or a delimitation item. */
    Bytes header(int tag, long length) {
        return tag(tag).u32(length);
    }

    Bytes element(int tag, String vr, String value) {
        return shortHeader(tag, vr, value.length()).text(value);
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    InputStream stream() {
        return new ByteArrayInputStream(toBytes());
    }
}
