// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.sql.SQLNonTransientConnectionException;

/** A database answers, and must not be used: it is not the one whose history this node follows. */
public final class RefusedDatabaseException extends SQLNonTransientConnectionException {

    private static final long serialVersionUID = 1L;

    RefusedDatabaseException(String message) {
        // 08004: the connection was rejected
        super(message, "08004");
    }
}
