// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import jakarta.resource.spi.UnavailableException;
import java.io.IOException;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.StoreListener;
import org.dozo.dicom.StoreRequest;
import org.dozo.dicom.net.CommandSet;
import org.dozo.dicom.net.DataSetInputStream;
import org.dozo.dicom.net.DimseMessage;

/** C-STORE as SCP, PS3.7 §9.1.1. */
final class StoreProvider {

    private static final DimseStatus NO_STORE = new DimseStatus(0x0122, "This node takes no objects at present");
    private static final DimseStatus WRONG_CLASS = new DimseStatus(0x0122, "Not the SOP class of the context");
    private static final DimseStatus NO_DATA_SET = new DimseStatus(0xC000, "The request has no data set");

    private final ServedAssociation served;

    StoreProvider(ServedAssociation served) {
        this.served = served;
    }

    void perform(DimseMessage message) throws IOException {
        DimseStatus status = store(message);
        served.drain(message.dataSet());
        served.statistics().stored(status);
        served.answer(message, status);
    }

    private DimseStatus store(DimseMessage message) {
        DataSetInputStream dataSet = message.dataSet();
        CommandSet command = message.command();
        if (dataSet == null) {
            return NO_DATA_SET;
        }
        if (!message.context().abstractSyntaxUid().equals(command.affectedSopClassUid())) {
            return WRONG_CLASS;
        }
        StoreRequest request = new StoreRequest(
                served.association(),
                command.messageId(),
                command.affectedSopClassUid(),
                command.affectedSopInstanceUid(),
                message.context().transferSyntaxUid(),
                command.priority(),
                command.moveOriginatorAeTitle(),
                command.moveOriginatorMessageId());
        return store(request, dataSet);
    }

    private DimseStatus store(StoreRequest request, DataSetInputStream dataSet) {
        try {
            return served.listener(StoreListener.class).store(request, dataSet);
        } catch (UnavailableException e) {
            return served.has(StoreListener.class) ? served.failed("C-STORE", e) : NO_STORE;
        } catch (IOException | RuntimeException e) {
            return dataSet.failure() == null ? served.failed("C-STORE", e) : ServedAssociation.PROCESSING_FAILURE;
        }
    }
}
