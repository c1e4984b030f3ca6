// SPDX-License-Identifier: Apache-2.0
/**
 * Gives objects out: by C-MOVE to a peer, by C-GET to who asks, and to the web. Finds them in {@code index}, reads them through
 * {@code storage}, sends through {@code access}. Knows no query but that for what is to be given out, and changes no object.
 */
@NullMarked
package org.dozo.retrieve;

import org.jspecify.annotations.NullMarked;
