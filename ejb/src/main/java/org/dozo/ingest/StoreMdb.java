// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.StoreListener;
import org.dozo.dicom.StoreRequest;
import org.jboss.ejb3.annotation.ResourceAdapter;
import org.jspecify.annotations.NullUnmarked;

/** The door for C-STORE, PS3.4 §B. */
@MessageDriven(messageListenerInterface = StoreListener.class)
@ResourceAdapter("#jca-dicom.rar")
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@NullUnmarked
public class StoreMdb implements StoreListener {

    @Inject
    private StoreService service;

    @Override
    public DimseStatus store(StoreRequest request, InputStream dataSet) throws IOException {
        return service.store(request, dataSet);
    }
}
