// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The name of an object's files. The staging entry carries node and day, so that recovery finds the final name from it alone.
 *
 * @param day of arrival, UTC
 * @param random 128 bits in 32 lower-case hexadecimal digits
 */
record ObjectName(LocalDate day, String random) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int DIGITS = 32;
    private static final int DAY_DIGITS = 8;
    private static final String STAGED = ".part";

    static ObjectName fresh() {
        byte[] bytes = new byte[DIGITS / 2];
        RANDOM.nextBytes(bytes);
        return new ObjectName(LocalDate.now(ZoneOffset.UTC), HexFormat.of().formatHex(bytes));
    }

    /** {@code <node>-20261122-<random>.part}, in the volume's staging directory. */
    String stagingName(String node) {
        return node + '-' + DateTimeFormatter.BASIC_ISO_DATE.format(day) + '-' + random + STAGED;
    }

    /** {@code 2026/11/22/<first two digits>/<random>.dcm}, relative to the volume. */
    String path() {
        return "%04d/%02d/%02d/%s/%s.dcm"
                .formatted(day.getYear(), day.getMonthValue(), day.getDayOfMonth(), random.substring(0, 2), random);
    }

    Path in(Path root) {
        return root.resolve(path());
    }

    /** The node that has written what looks like a staging entry; empty if it does not. */
    static Optional<String> writerOf(String file) {
        int length = file.length() - 1 - DAY_DIGITS - 1 - DIGITS - STAGED.length();
        return length > 0 && file.endsWith(STAGED) ? Optional.of(file.substring(0, length)) : Optional.empty();
    }

    /** The name behind a staging entry; empty if it is another node's, or no staged object. */
    static Optional<ObjectName> ofStaging(String node, String file) {
        int length = node.length() + 1 + DAY_DIGITS + 1 + DIGITS + STAGED.length();
        if (file.length() != length || !file.startsWith(node + '-') || !file.endsWith(STAGED)) {
            return Optional.empty();
        }
        int day = node.length() + 1;
        int random = day + DAY_DIGITS + 1;
        String digits = file.substring(random, random + DIGITS);
        try {
            HexFormat.of().parseHex(digits);
            return Optional.of(new ObjectName(
                    LocalDate.parse(file.substring(day, day + DAY_DIGITS), DateTimeFormatter.BASIC_ISO_DATE), digits));
        } catch (DateTimeParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
