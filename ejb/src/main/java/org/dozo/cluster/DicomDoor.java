// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import java.lang.management.ManagementFactory;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The DICOM listener, as the node sees it. Spoken to by JMX, since the archive must not know the adapter: it opens after the
 * deployment and closes first.
 */
final class DicomDoor {

    private static final Logger LOG = Logger.getLogger(DicomDoor.class.getName());
    private static final String LISTENER = "org.dozo:type=DicomListener";

    private DicomDoor() {}

    static boolean isOpen() {
        try {
            return Boolean.TRUE.equals(attribute("Accepting"));
        } catch (JMException e) {
            // Not registered: the adapter has not started, or has ended.
            return false;
        }
    }

    static int openAssociations() {
        try {
            return (Integer) attribute("OpenAssociations");
        } catch (JMException e) {
            return 0;
        }
    }

    /** Whether newcomers are turned away for now, as transient; whoever is in goes on. */
    static void refuse(boolean refusing) {
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(new ObjectName(LISTENER), "refuseNewcomers", new Object[] {refusing}, new String[] {
                        boolean.class.getName()
                    });
        } catch (JMException e) {
            LOG.log(Level.FINE, "There is no listener to speak to", e);
        }
    }

    private static Object attribute(String name) throws JMException {
        return ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName(LISTENER), name);
    }
}
