// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.sql.SQLException;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** Peers and other destinations share their names, and those that a rule gives stay: what the database says if that is not so. */
final class SharedNames {

    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final String UNIQUE_VIOLATION = "23505";

    private SharedNames() {}

    /**
     * The same fault, unless it can be said better.
     *
     * @param noun peer or destination: what was to be written or deleted
     * @throws FailureException {@link Failure#CONFLICT}
     */
    static SQLException explained(SQLException fault, String noun, String name) {
        if (FOREIGN_KEY_VIOLATION.equals(fault.getSQLState())) {
            throw new FailureException(
                    Failure.CONFLICT,
                    "The " + noun + " " + name
                            + " is still a destination of a forwarding or prefetch rule: change or remove the rule"
                            + " first, see /api/rules and /api/prefetch",
                    fault);
        }
        if (UNIQUE_VIOLATION.equals(fault.getSQLState())) {
            String other = noun.equals("peer") ? "destination" : "peer";
            throw new FailureException(
                    Failure.CONFLICT,
                    "There is a " + other + " " + name
                            + " already, and rules could not tell the two apart: choose another name" + " for the "
                            + noun + ", or remove the " + other + " first, see /api/" + other + "s",
                    fault);
        }
        return fault;
    }
}
