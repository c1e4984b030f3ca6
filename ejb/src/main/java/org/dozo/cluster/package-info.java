// SPDX-License-Identifier: Apache-2.0
/**
 * The node's life: what must be there before it takes work, whether it is ready now, its term and its orderly end; and what the nodes
 * know of each other. Neighbours: it starts {@code index}, {@code storage} and {@code jobs}; the doors ask it before they let anybody
 * in. Must never know of a protocol. What nodes tell each other in passing, soft state that may be lost whole, is on the
 * {@code NoticeBoard}.
 */
@NullMarked
package org.dozo.cluster;

import org.jspecify.annotations.NullMarked;
