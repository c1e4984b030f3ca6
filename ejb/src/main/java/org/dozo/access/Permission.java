// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.util.Arrays;
import java.util.Locale;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** What a peer may ask of the archive. */
public enum Permission {
    STORE,
    FIND,
    MOVE,
    GET,
    COMMIT;

    /** As it stands in the database, in JSON and in YAML. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws FailureException {@link Failure#INVALID_RECORD} if there is no such permission */
    public static Permission of(String word) {
        return Arrays.stream(values())
                .filter(permission -> permission.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new FailureException(
                        Failure.INVALID_RECORD,
                        "A peer can't be allowed \"" + word + "\"; use store, find, move, get, commit"));
    }
}
