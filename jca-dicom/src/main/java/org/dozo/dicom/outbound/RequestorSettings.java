// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import java.time.Duration;
import org.dozo.dicom.NodeProperties;
import org.dozo.dicom.net.Timeouts;

/**
 * How outbound associations are made, keys {@code dicom.outbound.*} of dozo.properties.
 *
 * @param negotiationTimeout for the answer to the association request
 * @param responseTimeout for the response to an operation, from its last byte sent
 * @param moveTimeout for the next response to a C-MOVE: peers that send no pending ones are silent while they send objects
 * @param maxIdentifier the longest identifier of a response taken, in bytes
 * @param maxPdu the longest P-DATA-TF variable field announced, in bytes
 */
public record RequestorSettings(
        Duration connectTimeout,
        Duration negotiationTimeout,
        Duration responseTimeout,
        Duration moveTimeout,
        Duration releaseTimeout,
        int maxIdentifier,
        int maxPdu,
        Timeouts timeouts) {

    /** Who knows the node's settings: the resource adapter. */
    public interface Source {
        RequestorSettings requestorSettings();
    }

    private static final long MOST_BYTES = 64L << 20;

    public static final RequestorSettings DEFAULT = new RequestorSettings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            Duration.ofSeconds(10),
            1024 * 1024,
            128 * 1024,
            new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(30), 0, Duration.ofSeconds(30)));

    /** @throws IllegalArgumentException naming the key, its value and the range */
    public static RequestorSettings from(NodeProperties properties) {
        Timeouts timeouts = new Timeouts(
                duration(
                        properties,
                        "dicom.outbound.read-timeout",
                        DEFAULT.timeouts().read()),
                duration(
                        properties,
                        "dicom.outbound.write-timeout",
                        DEFAULT.timeouts().write()),
                0,
                DEFAULT.timeouts().window());
        return new RequestorSettings(
                duration(properties, "dicom.outbound.connect-timeout", DEFAULT.connectTimeout),
                duration(properties, "dicom.outbound.negotiation-timeout", DEFAULT.negotiationTimeout),
                duration(properties, "dicom.outbound.response-timeout", DEFAULT.responseTimeout),
                duration(properties, "dicom.outbound.move-timeout", DEFAULT.moveTimeout),
                duration(properties, "dicom.outbound.release-timeout", DEFAULT.releaseTimeout),
                (int) bytes(properties, "dicom.outbound.max-identifier", DEFAULT.maxIdentifier, 1 << 10),
                (int) bytes(properties, "dicom.outbound.max-pdu", DEFAULT.maxPdu, 4 << 10),
                timeouts);
    }

    private static long bytes(NodeProperties properties, String key, long fallback, int min) {
        long bytes = properties.bytes(key, fallback);
        if (bytes < min || bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "dozo.properties: " + key + "=" + bytes + " B is not from " + min + " B to " + MOST_BYTES + " B");
        }
        return bytes;
    }

    private static Duration duration(NodeProperties properties, String key, Duration fallback) {
        Duration duration = properties.duration(key, fallback);
        if (duration.isZero() || duration.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("dozo.properties: " + key + " must be more than 0 s and at most 1 d");
        }
        return duration;
    }
}
