// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.io.IOException;
import org.dozo.dicom.data.Dataset;

/** Takes the matches of a query, one by one. */
public interface Matches {

    /**
     * Takes one match, and returns when the peer can take another: a slow reader slows the search, and nothing is gathered.
     *
     * @throws IOException if the peer is gone
     */
    void add(Dataset match) throws IOException;

    /**
     * Whether the peer wants no more: he sent C-CANCEL (PS3.7 §9.3.2.3), asked for the release, or is gone. Costs about a
     * microsecond and never waits; to be asked between matches, and now and then while none is found.
     */
    boolean isCancelled();
}
