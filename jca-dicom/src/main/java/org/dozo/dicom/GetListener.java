// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.io.IOException;

/** The C-GET service as SCP, PS3.7 §9.1.3. Implemented by the archive; called once for each C-GET-RQ. */
public interface GetListener {

    /**
     * Sends what the identifier selects back on the same association.
     *
     * <p><em>Pitfalls:</em> {@code progress} and {@code requestor} are one network: this thread only, dead after the return.
     *
     * @param requestor takes the objects; only classes for which the peer took the SCP role are accepted
     * @return the final response; never pending
     * @throws IOException only if the association failed: the peer is gone
     */
    RetrieveResult get(RetrieveRequest request, RetrieveProgress progress, StorageReceiver requestor)
            throws IOException;
}
