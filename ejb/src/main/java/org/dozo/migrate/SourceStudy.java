// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A study as its source tells of it.
 *
 * @param count instances by the source's own count; 0 if it gives none
 */
record SourceStudy(int count, List<Series> series) {

    /**
     * @param modality empty if the source does not say
     * @param uids SOP Instance UIDs that the source names
     */
    record Series(String uid, String modality, Set<String> uids) {
        Series {
            uids = Set.copyOf(uids);
        }
    }

    SourceStudy {
        series = List.copyOf(series);
    }

    Set<String> uids() {
        Set<String> all = new HashSet<>();
        series.forEach(each -> all.addAll(each.uids()));
        return all;
    }

    /** A series of whose modality nothing is known counts. */
    boolean has(String modality) {
        return modality.isEmpty()
                || series.stream()
                        .anyMatch(each ->
                                each.modality().isEmpty() || each.modality().equals(modality));
    }
}
