// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A key for each of the series that this node has lately had to do with; those not asked for the longest are forgotten. */
final class SeriesMemory {

    private static final int MOST = 20_000;

    private final Map<SeriesKey, Long> ids = new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SeriesKey, Long> eldest) {
            return size() > MOST;
        }
    };

    synchronized @Nullable Long find(SeriesKey key) {
        return ids.get(key);
    }

    synchronized void remember(SeriesKey key, long id) {
        ids.put(key, id);
    }

    /** @return whether it was there */
    synchronized boolean forget(SeriesKey key) {
        return ids.remove(key) != null;
    }
}
