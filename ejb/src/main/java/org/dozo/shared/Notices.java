// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.time.Duration;

/**
 * What the nodes tell each other in passing: short notices, each a name under a subject. All nodes see them soon, a second later at most
 * where all is well. Soft state: any of it may be lost at any moment, and two nodes may see different things for a while, so that
 * nothing may rest on a notice but speed. No call waits for another node. Names hold nothing about patients.
 */
public interface Notices {

    /** Of a node that has no others. */
    Notices NONE = new Notices() {
        @Override
        public void post(String subject, String name, Duration lifetime) {}

        @Override
        public void remove(String subject, String name) {}

        @Override
        public boolean isPosted(String subject, String name) {
            return false;
        }

        @Override
        public void follow(String subject, Follower follower) {}
    };

    /** Told of what other nodes post, and of what is removed, by this one too. Called by threads that must not be held up. */
    interface Follower {

        /** Posted, or posted once more. */
        void posted(String name);

        /** Removed by a node; nobody is told of what has merely grown old. */
        default void removed(String name) {}
    }

    /** @param lifetime after which it is gone by itself; posting it once more begins anew */
    void post(String subject, String name, Duration lifetime);

    void remove(String subject, String name);

    /** Whether this node sees it now. */
    boolean isPosted(String subject, String name);

    /** One follower a subject. What was posted before is not told: ask {@link #isPosted}. */
    void follow(String subject, Follower follower);
}
