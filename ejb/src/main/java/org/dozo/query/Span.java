// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import org.jspecify.annotations.Nullable;

/** A range with both ends in it, PS3.4 §C.2.2.2.5; null is no end. */
record Span<T extends Comparable<? super T>>(
        @Nullable T from, @Nullable T to) {

    boolean holds(T moment) {
        return (from == null || from.compareTo(moment) <= 0) && (to == null || to.compareTo(moment) >= 0);
    }
}
