// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import java.time.ZoneId;
import org.dozo.dicom.NodeProperties;

/**
 * What one query may ask of the node.
 *
 * @param maxMatches matches given at most; a query with more is refused as too broad
 * @param maxHeaders objects whose kept header is looked through for keys that are not indexed
 * @param timezone of dates and times of objects that do not say theirs, where a query says one
 */
public record QuerySettings(int maxMatches, int maxHeaders, ZoneId timezone) {

    public static final QuerySettings DEFAULT = new QuerySettings(50_000, 20_000, ZoneId.systemDefault());

    static QuerySettings from(NodeProperties properties) {
        return new QuerySettings(
                properties.integer("query.max-matches", DEFAULT.maxMatches(), 1, 10_000_000),
                properties.integer("query.max-headers", DEFAULT.maxHeaders(), 1, 10_000_000),
                properties.zone("query.timezone", DEFAULT.timezone()));
    }
}
