// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import java.time.Duration;
import org.dozo.dicom.NodeProperties;

/**
 * When peers are told of studies, keys {@code availability.*} of dozo.properties.
 *
 * @param quiet how long nothing must have come of a study, 1 s to 1 day
 */
public record AvailabilitySettings(Duration quiet) {

    public static final AvailabilitySettings DEFAULT = new AvailabilitySettings(Duration.ofMinutes(1));

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    /** @throws IllegalArgumentException naming the key, its value and the range */
    public static AvailabilitySettings from(NodeProperties properties) {
        Duration quiet = properties.duration("availability.quiet", DEFAULT.quiet);
        if (quiet.compareTo(SHORTEST) < 0 || quiet.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("availability.quiet=" + quiet + " is not from 1 s to 1 d");
        }
        return new AvailabilitySettings(quiet);
    }
}
