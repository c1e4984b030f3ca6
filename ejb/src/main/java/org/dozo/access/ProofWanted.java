// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.util.Arrays;
import java.util.Locale;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** The strongest proof of delivery that is asked of a peer; where it gives none, the next weaker one counts. */
public enum ProofWanted {
    /** Storage commitment, PS3.4 J. */
    COMMITMENT,
    /** C-FIND. */
    QUERY,
    /** Its answer to the C-STORE is believed. */
    ACKNOWLEDGEMENT;

    /** As it stands in the database, in JSON and in YAML. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws FailureException {@link Failure#INVALID_RECORD} if there is no such proof */
    public static ProofWanted of(String word) {
        return Arrays.stream(values())
                .filter(proof -> proof.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new FailureException(
                        Failure.INVALID_RECORD,
                        "A peer can't be asked for the proof \"" + word
                                + "\"; use commitment, query or acknowledgement"));
    }
}
