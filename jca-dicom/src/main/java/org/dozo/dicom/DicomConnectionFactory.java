// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.io.IOException;
import java.util.List;

/** Opens associations as SCU. The resource adapter's outbound side, found in JNDI. */
public interface DicomConnectionFactory {

    /**
     * Connects to a peer and negotiates.
     *
     * @param callingAeTitle our own AE title, 1 to 16 characters
     * @param contexts 1 to 128 proposals, each an abstract syntax with the transfer syntaxes offered
     * @throws AssociationRejectedException if the peer refused the association
     * @throws IOException if the peer can't be reached, does not answer in time or breaks the protocol
     */
    DicomConnection open(Peer peer, String callingAeTitle, List<ProposedContext> contexts) throws IOException;
}
