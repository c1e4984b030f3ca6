// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.util.List;

/**
 * How a query ended.
 *
 * @param matches handed out
 * @param cancelled whether the caller wanted no more
 * @param more whether there are matches beyond the page's limit
 * @param unsupportedKeys tags of keys that had a value and were not matched on
 */
public record QueryOutcome(long matches, boolean cancelled, boolean more, List<Integer> unsupportedKeys) {

    public QueryOutcome {
        unsupportedKeys = List.copyOf(unsupportedKeys);
    }
}
