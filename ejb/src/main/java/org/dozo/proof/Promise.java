// SPDX-License-Identifier: Apache-2.0
package org.dozo.proof;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What became of a request of ours, by SOP Instance UID.
 *
 * @param isAnswered whether the report has come; until then all are {@code open}
 * @param age since the request, by the database's clock
 * @param committed what the peer answers for
 * @param failed what it does not, with its Failure Reason (0008,1197)
 * @param open what it has said nothing of
 */
public record Promise(
        boolean isAnswered, Duration age, List<String> committed, Map<String, Integer> failed, List<String> open) {

    public Promise {
        committed = List.copyOf(committed);
        failed = Map.copyOf(failed);
        open = List.copyOf(open);
    }

    /** Whether the peer answers for everything that was asked. */
    public boolean isKept() {
        return isAnswered && failed.isEmpty() && open.isEmpty();
    }
}
