// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.io.IOException;
import org.dozo.dicom.MoveListener;
import org.dozo.dicom.RetrieveProgress;
import org.dozo.dicom.RetrieveRequest;
import org.dozo.dicom.RetrieveResult;
import org.jboss.ejb3.annotation.ResourceAdapter;
import org.jspecify.annotations.NullUnmarked;

/** The door for C-MOVE, PS3.4 §C.4.2. */
@MessageDriven(messageListenerInterface = MoveListener.class)
@ResourceAdapter("#jca-dicom.rar")
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@NullUnmarked
public class MoveMdb implements MoveListener {

    @Inject
    private MoveService service;

    @Override
    public RetrieveResult move(RetrieveRequest request, RetrieveProgress progress) throws IOException {
        return service.move(request, progress);
    }
}
