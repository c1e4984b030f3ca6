// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One study on its way to one destination.
 *
 * @param destination AE title
 * @param proof there if and only if the state is {@link DeliveryState#VERIFIED}
 * @param sent objects acknowledged
 * @param of objects to be sent in all, those that failed included
 * @param failed objects given up
 * @param rule that selected objects of it last; empty if somebody asked for it
 * @param error what keeps it back or ended it, and what to do; empty for nothing
 * @param note what is to be known besides; empty for nothing
 * @param history the oldest first
 */
public record Delivery(
        long id,
        String study,
        String destination,
        DeliveryState state,
        Optional<Proof> proof,
        long sent,
        long of,
        long failed,
        String rule,
        int priority,
        String error,
        String note,
        Instant updatedAt,
        List<Event> history) {

    /** Something that happened, in words for people. */
    public record Event(Instant at, String event, String detail) {}

    public Delivery {
        history = List.copyOf(history);
    }

    Delivery with(List<Event> events) {
        return new Delivery(
                id, study, destination, state, proof, sent, of, failed, rule, priority, error, note, updatedAt, events);
    }
}
