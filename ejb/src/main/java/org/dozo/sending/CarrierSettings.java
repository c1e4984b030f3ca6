// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.time.Duration;
import org.dozo.dicom.NodeProperties;

/**
 * How long destinations that are no application entities may take, keys {@code forward.*} of dozo.properties.
 *
 * @param connect until a connection is made: 100 ms to 10 min
 * @param response between two signs of life, and for an answer after all was sent: 100 ms to 1 h
 */
public record CarrierSettings(Duration connect, Duration response) {

    public static final CarrierSettings DEFAULT = new CarrierSettings(Duration.ofSeconds(10), Duration.ofSeconds(60));

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST_CONNECT = Duration.ofMinutes(10);
    private static final Duration LONGEST_RESPONSE = Duration.ofHours(1);

    /** @throws IllegalArgumentException naming the key, its value and the range */
    public static CarrierSettings from(NodeProperties properties) {
        return new CarrierSettings(
                within(properties, "forward.connect-timeout", DEFAULT.connect, LONGEST_CONNECT),
                within(properties, "forward.response-timeout", DEFAULT.response, LONGEST_RESPONSE));
    }

    private static Duration within(NodeProperties properties, String key, Duration fallback, Duration longest) {
        Duration value = properties.duration(key, fallback);
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    key + "=" + value + " is not from " + SHORTEST.toMillis() + " ms to " + longest.toSeconds() + " s");
        }
        return value;
    }
}
