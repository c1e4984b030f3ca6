// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.time.Duration;

/**
 * How long a connection waits once something has begun. Times before a message are given with each call.
 *
 * @param read the longest silence within a message
 * @param write the longest time that one write may take
 * @param minThroughput bytes per second that a message must bring, averaged over {@code window}; 0 for no minimum. Only time
 *     spent waiting for the peer counts
 * @param window the time over which the throughput is averaged
 */
public record Timeouts(Duration read, Duration write, long minThroughput, Duration window) {

    /** The bytes that a full window must have brought. */
    long bytesPerWindow() {
        return (long) (minThroughput * (window.toMillis() / 1000.0));
    }
}
