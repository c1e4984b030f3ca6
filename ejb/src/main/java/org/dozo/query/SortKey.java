// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

/**
 * One step of the order of matches.
 *
 * @param tag of an attribute that the index keeps in a column, at the level of the query or above; see docs/conformance/query.md
 */
public record SortKey(int tag, boolean descending) {}
