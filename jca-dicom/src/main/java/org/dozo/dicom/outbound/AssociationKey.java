// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import jakarta.resource.spi.ConnectionRequestInfo;
import java.util.List;
import org.dozo.dicom.Peer;
import org.dozo.dicom.ProposedContext;

/** By what a pooled association may be used again: same peer, same calling AE title, same proposals. */
record AssociationKey(Peer peer, String callingAeTitle, List<ProposedContext> contexts)
        implements ConnectionRequestInfo {

    AssociationKey {
        contexts = List.copyOf(contexts);
    }
}
