// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** Where one study of a migration stands. */
public enum StudyState {
    QUEUED,
    PULLING,
    /** All instances that the source names are held. */
    COMPLETE,
    /** Tried as often as may be; its certificate says what is missing. */
    INCOMPLETE,
    /** None of those wanted: it has no series of the modality. */
    SKIPPED;

    /** As it stands in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws FailureException {@link Failure#INVALID_RECORD} if there is no such state */
    public static StudyState of(String word) {
        return Arrays.stream(values())
                .filter(state -> state.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new FailureException(
                        Failure.INVALID_RECORD,
                        "No study of a migration is in state \"" + word + "\"; the states are "
                                + Arrays.stream(values()).map(StudyState::word).collect(Collectors.joining(", "))));
    }
}
