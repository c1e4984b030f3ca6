// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.io.IOException;

/** Tells the requestor of a retrieval how far it is, and whether he wants it at all. */
public interface RetrieveProgress {

    /**
     * Sends a pending response (FF00) with the counts.
     *
     * @throws IOException if the peer is gone
     */
    void pending(SubOperations counts) throws IOException;

    /**
     * Whether the peer wants no more: he sent C-CANCEL (PS3.7 §9.3.3.3 and §9.3.4.3), asked for the release, or is gone. Costs
     * about a microsecond and never waits; to be asked between sub-operations.
     */
    boolean isCancelled();
}
