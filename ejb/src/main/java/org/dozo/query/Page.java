// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.util.List;

/**
 * Which of the matches are wanted, and in which order.
 *
 * @param offset matches to leave out from the beginning; 0 or more
 * @param limit matches wanted at most; 0 for all, up to the node's {@code query.max-matches}
 * @param order empty for the order of arrival, which new objects never change (of studies with a Study Date key: by Study Date)
 */
public record Page(long offset, int limit, List<SortKey> order) {

    /** Everything in the order of arrival. */
    public static final Page ALL = new Page(0, 0, List.of());

    public Page {
        if (offset < 0 || limit < 0) {
            throw new IllegalArgumentException("Offset " + offset + " and limit " + limit + " must not be negative");
        }
        order = List.copyOf(order);
    }
}
