// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

/** How this implementation names itself to peers, PS3.7 §D.3.3.2. */
public final class Implementation {

    public static final String CLASS_UID = "2.25.268420178193047215706391257438014271733";
    public static final String VERSION_NAME = "DOZO_0_1";

    private Implementation() {}
}
