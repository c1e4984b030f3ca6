// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import org.dozo.dicom.data.VR;

/** Between big and little endian, PS3.5 §7.3. */
final class ByteOrders {

    private ByteOrders() {}

    /** Turns the bytes of every number around, in place; an incomplete last one stays as it is. UN has no order, §6.2.2. */
    static void swap(byte[] bytes, VR vr) {
        swap(bytes, bytes.length, vr.swapUnit());
    }

    /** The first {@code length} bytes, which are numbers of {@code unit} bytes. */
    static void swap(byte[] bytes, int length, int unit) {
        for (int at = 0; unit > 1 && at + unit <= length; at += unit) {
            for (int low = at, high = at + unit - 1; low < high; low++, high--) {
                byte swapped = bytes[low];
                bytes[low] = bytes[high];
                bytes[high] = swapped;
            }
        }
    }
}
