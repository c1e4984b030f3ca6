// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.io.IOException;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.FindListener;
import org.dozo.dicom.FindRequest;
import org.dozo.dicom.Matches;
import org.jboss.ejb3.annotation.ResourceAdapter;
import org.jspecify.annotations.NullUnmarked;

/** The door for C-FIND, PS3.4 §C.4.1. */
@MessageDriven(messageListenerInterface = FindListener.class)
@ResourceAdapter("#jca-dicom.rar")
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@NullUnmarked
public class FindMdb implements FindListener {

    @Inject
    private FindService service;

    @Override
    public DimseStatus find(FindRequest request, Matches matches) throws IOException {
        return service.find(request, matches);
    }
}
