// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.util.logging.Logger;
import org.dozo.index.StoredInstance;

/** Tells operators which objects of one retrieval could not be sent and why: each of the first ones, and how many more. Thread-safe. */
final class FailureLog {

    private static final Logger LOG = Logger.getLogger(FailureLog.class.getName());
    private static final int MOST = 20;

    private final String operation;
    private int count;

    FailureLog(String operation) {
        this.operation = operation;
    }

    synchronized void add(StoredInstance instance, String why) {
        if (++count <= MOST) {
            LOG.warning(() -> "DOZO-RET-102 " + operation + ": object " + instance.objectName() + " of class "
                    + instance.sopClassUid() + " in " + instance.transferSyntaxUid() + " was not taken: " + why);
        }
    }

    /** No more will come. */
    synchronized void close() {
        if (count > MOST) {
            LOG.warning(() -> "DOZO-RET-102 " + operation + ": " + (count - MOST) + " more objects were not taken");
        }
    }
}
