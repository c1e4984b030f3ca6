// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

/**
 * A node in one term of its life: a term begins with a start, and anew when the others had taken the node for dead.
 *
 * @param epoch grows from term to term; {@value #NONE} outside of the cluster, which nothing fences; {@value #ENDED} if the node must
 *     not write
 */
public record NodeTerm(String node, long epoch) {

    public static final long NONE = 0;
    public static final long ENDED = -1;
}
