// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The series that this node has lately recorded into: spares the way from patient to series for all but its first object. Holds only
 * committed rows on which the object and the index agree.
 */
final class KnownSeries {

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

    synchronized void forget(SeriesKey key) {
        ids.remove(key);
    }
}
