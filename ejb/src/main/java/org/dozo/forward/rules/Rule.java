// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * What is sent on, where, and how soon.
 *
 * @param name 1 to 64 letters, digits, spaces, dots, underscores and hyphens, beginning with a letter or digit, without outer spaces
 * @param when at what the condition is looked at
 * @param destinations AE titles of peers, 1 to 100, none twice
 * @param priority of the jobs: 9 STAT, 7 high, 5 routine, 1 bulk; 0 to 9. What is STAT is sent as STAT by whatever rule
 * @param delay between the match and the sending, whole seconds, at most 30 days
 * @param quiet how long nothing must have come for a series or study to be complete, whole seconds, 1 s to 1 day
 * @param note for people; at most 1000 characters
 * @param handling how it is sent
 */
public record Rule(
        String name,
        Trigger when,
        Condition condition,
        List<String> destinations,
        int priority,
        boolean enabled,
        Duration delay,
        Duration quiet,
        String note,
        Handling handling) {

    public static final int ROUTINE = 5;
    public static final Duration USUAL_QUIET = Duration.ofMinutes(1);

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}]([\\p{L}\\p{N} ._-]{0,62}[\\p{L}\\p{N}._-])?");
    private static final Duration LONGEST_DELAY = Duration.ofDays(30);
    private static final Duration LONGEST_QUIET = Duration.ofDays(1);
    private static final int MOST_DESTINATIONS = 100;
    private static final int LONGEST_NOTE = 1000;

    /** What it selects is sent as usual. */
    public Rule(
            String name,
            Trigger when,
            Condition condition,
            List<String> destinations,
            int priority,
            boolean enabled,
            Duration delay,
            Duration quiet,
            String note) {
        this(name, when, condition, destinations, priority, enabled, delay, quiet, note, Handling.USUAL);
    }

    /** @throws FailureException {@link Failure#INVALID_RECORD} naming the field */
    public Rule {
        require(
                NAME.matcher(name).matches(),
                "name",
                "1 to 64 letters, digits, spaces, dots, underscores and hyphens, beginning with a letter or digit");
        require(!name.equals("test"), "name", "another one than test, which is an address of /api/rules");
        destinations = List.copyOf(destinations);
        require(
                !destinations.isEmpty() && destinations.size() <= MOST_DESTINATIONS,
                "destinations",
                "1 to " + MOST_DESTINATIONS + " AE titles of peers");
        require(
                new HashSet<>(destinations).size() == destinations.size(),
                "destinations",
                "different ones: one is there twice");
        require(priority >= 0 && priority <= 9, "priority", "a number from 0 to 9: 9 STAT, 7 high, 5 routine, 1 bulk");
        require(
                isWhole(delay) && !delay.isNegative() && delay.compareTo(LONGEST_DELAY) <= 0,
                "delay",
                "whole seconds, at most 30 d");
        require(
                isWhole(quiet) && quiet.compareTo(Duration.ofSeconds(1)) >= 0 && quiet.compareTo(LONGEST_QUIET) <= 0,
                "quiet",
                "whole seconds, from 1 s to 1 d");
        require(
                note.length() <= LONGEST_NOTE && note.indexOf('\0') < 0,
                "note",
                "at most " + LONGEST_NOTE + " characters");
    }

    private static boolean isWhole(Duration duration) {
        return duration.equals(Duration.ofSeconds(duration.toSeconds()));
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new FailureException(Failure.INVALID_RECORD, "The rule's " + field + " must be " + rule);
        }
    }
}
