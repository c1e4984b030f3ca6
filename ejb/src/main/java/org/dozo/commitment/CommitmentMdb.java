// SPDX-License-Identifier: Apache-2.0
package org.dozo.commitment;

import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import org.dozo.dicom.Association;
import org.dozo.dicom.CommitmentListener;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.DimseStatus;
import org.jboss.ejb3.annotation.ResourceAdapter;
import org.jspecify.annotations.NullUnmarked;

/** The door for storage commitment, PS3.4 §J.3. */
@MessageDriven(messageListenerInterface = CommitmentListener.class)
@ResourceAdapter("#jca-dicom.rar")
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@NullUnmarked
public class CommitmentMdb implements CommitmentListener {

    @Inject
    private CommitmentService service;

    @Override
    public DimseStatus requested(Association association, CommitmentRequest request) {
        return service.requested(association, request);
    }

    @Override
    public DimseStatus reported(Association association, CommitmentResult result) {
        return service.reported(association, result);
    }
}
