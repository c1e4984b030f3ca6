// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.Arrays;
import java.util.Locale;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** When a rule looks at what has arrived. */
public enum Trigger {
    /** At once, each instance by itself. */
    INSTANCE,
    /** When nothing of the series has arrived for the rule's quiet time. */
    SERIES,
    /** When nothing of the study has arrived for the rule's quiet time. */
    STUDY,
    /** When its sender was told that objects of the study are safe: storage commitment, PS3.4 §J. */
    COMMITMENT,
    /** Only when somebody asks for it. */
    MANUAL;

    /** As it stands in the database, in JSON and in YAML. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws FailureException {@link Failure#INVALID_RECORD} if there is no such trigger */
    public static Trigger of(String word) {
        return Arrays.stream(values())
                .filter(trigger -> trigger.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new FailureException(
                        Failure.INVALID_RECORD,
                        "A rule can't be applied when \"" + word
                                + "\"; use instance, series, study, commitment or manual"));
    }
}
