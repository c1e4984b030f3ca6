// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.util.Set;

/** The SOP Classes of PS3.4 and PS3.6 A. Signatures first. */
public final class SopClasses {

    public static final String VERIFICATION = "1.2.840.10008.1.1";

    private SopClasses() {}

    public static boolean isStorage(String uid) {
        return storage().contains(uid);
    }

    /** The UIDs of all Storage SOP Classes, retired ones included. */
    public static Set<String> storage() {
        return Set.of("1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.7");
    }

    /** The name the standard gives it; the UID itself if it gives none. */
    public static String name(String uid) {
        return uid;
    }
}
