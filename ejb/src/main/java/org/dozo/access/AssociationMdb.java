// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.logging.Logger;
import org.dozo.dicom.Admission;
import org.dozo.dicom.Association;
import org.dozo.dicom.AssociationListener;
import org.jboss.ejb3.annotation.ResourceAdapter;
import org.jspecify.annotations.NullUnmarked;

/** The door at which associations ask to come in. */
@MessageDriven(messageListenerInterface = AssociationListener.class)
@ResourceAdapter("#jca-dicom.rar")
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@NullUnmarked
public class AssociationMdb implements AssociationListener {

    private static final Logger LOG = Logger.getLogger(AssociationMdb.class.getName());

    @Inject
    private Admissions admissions;

    @Override
    public Admission requested(Association association) {
        Admission admission = admissions.admit(association);
        if (admission != Admission.ACCEPTED) {
            LOG.warning(() -> "DOZO-ACC-001 Association " + association.id() + " of AE title "
                    + association.callingAeTitle() + " from "
                    + association.remoteAddress().getHostAddress()
                    + " rejected: not a known peer at this address. Remedy: ./dozo peer add AET HOST PORT");
        }
        return admission;
    }

    @Override
    public void ended(Association association) {
        // Nothing of an association outlives it yet.
    }
}
