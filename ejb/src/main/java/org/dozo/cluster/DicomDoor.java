// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Whether the DICOM listener takes associations. Asked by JMX, since the archive must not know the adapter: it opens after the
 * deployment and closes first.
 */
final class DicomDoor {

    private static final String LISTENER = "org.dozo:type=DicomListener";

    private DicomDoor() {}

    static boolean isOpen() {
        try {
            return Boolean.TRUE.equals(
                    ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName(LISTENER), "Accepting"));
        } catch (JMException e) {
            // Not registered: the adapter has not started, or has ended.
            return false;
        }
    }
}
