// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.io.IOException;

/** The C-FIND service as SCP, PS3.7 §9.1.2. Implemented by the archive; called once for each C-FIND-RQ. */
public interface FindListener {

    /**
     * Answers one query. Every match goes out as a pending response while the search still runs; the status returned closes the operation.
     *
     * <p><em>Pitfalls:</em> {@code matches} is the network: this thread only, dead after the return.
     *
     * @return 0000 after the last match; FE00 if the search ended early because of {@link Matches#isCancelled}; A700, A900, Cxxx or
     *     0124 as in PS3.4 §C.4.1.1.4
     * @throws IOException only if writing a match failed: the peer is gone
     */
    DimseStatus find(FindRequest request, Matches matches) throws IOException;
}
