// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.inject.Inject;
import org.jspecify.annotations.NullUnmarked;

/** The container's hand on {@link Node}: starts it with the deployment, stops it with it. */
@Singleton
@Startup
@NullUnmarked
public class NodeLife {

    @Inject
    private Node node;

    @PostConstruct
    void start() {
        node.start();
    }

    @PreDestroy
    void stop() {
        node.stop();
    }
}
