// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;

/** The index's word on whether a copy was committed, or still can be. Asked by recovery, never on the write path. */
public interface CopyLedger {

    /**
     * Whether a committed row says that the object has a copy on this volume. Waits for a transaction about this object that is
     * still undecided.
     *
     * <p><em>Pitfalls:</em> {@code false} makes recovery unlink the copy, so it must be certain: if it cannot be had, throw. The
     * question is about the copy, not only the object: a copy that was given up after an fsync error may lie beside recorded
     * ones on other volumes.
     *
     * @param objectName {@link StagedObject#name()}
     * @param volumeId the volume's key in the table {@code volume}
     * @throws IOException if the database does not answer; the entry is left for the next round
     */
    boolean isRecorded(String objectName, short volumeId) throws IOException;

    /**
     * Whether the node was given up and has not come back: it has no term, and whatever it wrote up to now it can't commit, unless that
     * is done or under way ({@link #isRecorded} waits).
     *
     * <p><em>Pitfalls:</em> says nothing of what the node writes later, when it is back: ask after the entry in question was seen.
     *
     * @throws IOException if the database does not answer
     */
    boolean isLost(String node) throws IOException;
}
