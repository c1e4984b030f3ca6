// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import java.time.Duration;

/** What a feature does before the node says that it is ready: once a start, when database and volumes are there. */
public interface Preparation {

    /**
     * Does it. What fails is left: it must not keep the node from its work.
     *
     * @param patience to be back after that: the node is not ready before
     * @throws InterruptedException if the node is stopped meanwhile
     */
    void prepare(Duration patience) throws InterruptedException;
}
