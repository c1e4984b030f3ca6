// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

/** The form of a unique identifier, PS3.5 §9.1. */
public final class Uid {

    /** Characters a UID has at most. */
    public static final int MAX_LENGTH = 64;

    private Uid() {}

    /**
     * Whether it is 1 to 64 digits and dots without an empty component. Leading zeros pass: they are forbidden, but sent by
     * old devices, and harmless.
     */
    public static boolean isValid(String uid) {
        return hasForm(uid, false);
    }

    /** Like {@link #isValid}, and no component has a leading zero. */
    public static boolean isStrictlyValid(String uid) {
        return hasForm(uid, true);
    }

    private static boolean hasForm(String uid, boolean refuseLeadingZeros) {
        int length = uid.length();
        if (length == 0 || length > MAX_LENGTH) {
            return false;
        }
        int componentStart = 0;
        for (int i = 0; i < length; i++) {
            char c = uid.charAt(i);
            if (c == '.') {
                if (i == componentStart) {
                    return false;
                }
                componentStart = i + 1;
            } else if (c < '0' || c > '9') {
                return false;
            } else if (refuseLeadingZeros && i == componentStart + 1 && uid.charAt(componentStart) == '0') {
                return false;
            }
        }
        return componentStart < length;
    }
}
