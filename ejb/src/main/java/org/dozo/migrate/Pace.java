// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import java.util.function.BooleanSupplier;

/** Holds an average of objects a second: after objects have come, it is waited until so many may have come. Not thread-safe. */
final class Pace {

    private static final long GLANCE_MILLIS = 100;
    /** What was not used is not made up for. */
    private static final long NANOS_A_SECOND = 1_000_000_000;

    private final double perSecond;
    private long freeAt = System.nanoTime();

    /** @param perSecond 0 for no limit */
    Pace(double perSecond) {
        this.perSecond = perSecond;
    }

    /** How many to ask for at once, so that they come evenly; at least 1. */
    int portion(int most) {
        return perSecond == 0 ? most : (int) Math.clamp(perSecond * 2, 1, most);
    }

    boolean isLimited() {
        return perSecond > 0;
    }

    /** @param ended whether to wait no longer */
    void await(int objects, BooleanSupplier ended) throws InterruptedException {
        if (perSecond == 0) {
            return;
        }
        // From when it was asked for: what the sending took is counted in.
        freeAt = Math.max(freeAt, System.nanoTime() - NANOS_A_SECOND) + (long) (objects / perSecond * NANOS_A_SECOND);
        while (freeAt - System.nanoTime() > 0 && !ended.getAsBoolean()) {
            Thread.sleep(GLANCE_MILLIS);
        }
    }
}
