// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

/** Carries a ring of the bell to this node's runner. */
@FunctionalInterface
public interface BellRope {

    /**
     * @param priority 0 to 9, as JMS counts
     * @throws RuntimeException if it can't be carried now
     */
    void pull(String kind, int priority);
}
