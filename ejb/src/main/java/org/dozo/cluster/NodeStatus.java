// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import java.util.List;

/**
 * A node as operators see it.
 *
 * @param problems what keeps it from being ready, each with its remedy; empty when it is ready
 */
public record NodeStatus(String name, NodeState state, List<String> problems) {

    public NodeStatus {
        problems = List.copyOf(problems);
    }

    public boolean isReady() {
        return state == NodeState.READY;
    }
}
