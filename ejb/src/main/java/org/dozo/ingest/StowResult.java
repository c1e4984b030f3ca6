// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import org.dozo.shared.Failure;
import org.jspecify.annotations.Nullable;

/**
 * What became of one object of a request, PS3.18 §10.5.3. What was not learnt of a refused one is empty.
 *
 * @param failure null if the object is safe
 * @param comment to the sender: what is wrong with his object, but nothing of our volumes and database
 */
public record StowResult(
        String sopClassUid,
        String sopInstanceUid,
        String studyInstanceUid,
        String seriesInstanceUid,
        @Nullable Failure failure,
        String comment) {

    /** An object of which nothing could be learnt. */
    public static StowResult refused(Failure failure, String comment) {
        return new StowResult("", "", "", "", failure, comment);
    }

    public boolean isStored() {
        return failure == null;
    }
}
