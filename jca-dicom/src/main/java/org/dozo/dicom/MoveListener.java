// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.io.IOException;

/** The C-MOVE service as SCP, PS3.7 §9.1.4. Implemented by the archive; called once for each C-MOVE-RQ. */
public interface MoveListener {

    /**
     * Sends what the identifier selects to the move destination.
     *
     * @return the final response; never pending
     * @throws IOException only if writing to {@code progress} failed: the peer is gone
     */
    RetrieveResult move(RetrieveRequest request, RetrieveProgress progress) throws IOException;
}
