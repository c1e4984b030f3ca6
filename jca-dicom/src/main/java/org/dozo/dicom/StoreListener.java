// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.io.IOException;
import java.io.InputStream;

/** The C-STORE service as SCP, PS3.7 §9.1.1. Implemented by the archive; called once for each C-STORE-RQ. */
public interface StoreListener {

    /**
     * Takes one composite instance. The status is sent as it is returned; nothing that happens later can change it.
     *
     * <p><em>Pitfalls:</em> the stream is the network. It can be read once, on this thread only, and is dead after the return;
     * bytes left unread are drained and thrown away by the caller.
     *
     * @param dataSet the Data Set as the peer encodes it in {@link StoreRequest#transferSyntaxUid()}; ends (-1) at the last
     *     fragment
     * @throws IOException only if reading {@code dataSet} failed (the peer is gone, too slow, or broke the protocol): the
     *     association is aborted and no response is sent. Every other failure is a status.
     */
    DimseStatus store(StoreRequest request, InputStream dataSet) throws IOException;
}
