// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.io.IOException;
import org.dozo.dicom.GetListener;
import org.dozo.dicom.RetrieveProgress;
import org.dozo.dicom.RetrieveRequest;
import org.dozo.dicom.RetrieveResult;
import org.dozo.dicom.StorageReceiver;
import org.jboss.ejb3.annotation.ResourceAdapter;
import org.jspecify.annotations.NullUnmarked;

/** The door for C-GET, PS3.4 §C.4.3. */
@MessageDriven(messageListenerInterface = GetListener.class)
@ResourceAdapter("#jca-dicom.rar")
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@NullUnmarked
public class GetMdb implements GetListener {

    @Inject
    private GetService service;

    @Override
    public RetrieveResult get(RetrieveRequest request, RetrieveProgress progress, StorageReceiver requestor)
            throws IOException {
        return service.get(request, progress, requestor);
    }
}
