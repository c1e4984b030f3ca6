// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Work to be done.
 *
 * @param kind which consumer takes it, such as {@code arrival}
 * @param key what it is about; announced twice under one kind and key, it is one job
 * @param payload a JSON object, {@code {}} for none
 * @param priority 0 to 9: {@link #BULK}, {@link #ROUTINE}, {@link #HIGH}, {@link #STAT}
 * @param lane what it must share with others, such as a destination; empty for nothing. Lanes never wait for each other
 * @param delay how long it is not begun, from its announcement on
 * @param after a job that must be done, or not exist, before it is begun
 */
public record NewJob(
        String kind,
        String key,
        String payload,
        int priority,
        String lane,
        Duration delay,
        @Nullable Name after) {

    public static final int BULK = 1;
    public static final int ROUTINE = 5;
    public static final int HIGH = 7;
    /** Goes first in every queue, has places of its own, and waits for no window. */
    public static final int STAT = 9;

    /** A job as others know it. */
    public record Name(String kind, String key) {}

    public NewJob {
        requirePriority(priority);
        if (delay.isNegative()) {
            throw new IllegalArgumentException("Job delay " + delay + " is negative");
        }
    }

    /** At once, and in no lane. */
    public NewJob(String kind, String key, String payload, int priority) {
        this(kind, key, payload, priority, "", Duration.ZERO, null);
    }

    public NewJob inLane(String other) {
        return new NewJob(kind, key, payload, priority, other, delay, after);
    }

    public NewJob delayed(Duration other) {
        return new NewJob(kind, key, payload, priority, lane, other, after);
    }

    /** Not before that job is done. One that is not there when this is announced counts as done; a dead letter does not. */
    public NewJob after(String otherKind, String otherKey) {
        return new NewJob(kind, key, payload, priority, lane, delay, new Name(otherKind, otherKey));
    }

    static void requirePriority(int priority) {
        if (priority < 0 || priority > STAT) {
            throw new IllegalArgumentException("Job priority " + priority + " is not in 0 to " + STAT);
        }
    }
}
