// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.util.List;

/**
 * What of a selection can go out, and what can't.
 *
 * @param objects in their order
 * @param leftOut how many are not among them, for either reason
 * @param unaccepted the transfer syntaxes of objects that can't be given in any that is accepted, each once
 * @param unreadable how many have no copy that can be read now
 */
public record RetrievalPlan(List<PlannedObject> objects, int leftOut, List<String> unaccepted, int unreadable) {

    public RetrievalPlan {
        objects = List.copyOf(objects);
        unaccepted = List.copyOf(unaccepted);
    }
}
