// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import java.io.IOException;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.DicomLimitException;
import org.dozo.dicom.net.CommandSet;
import org.dozo.dicom.net.DataSetInputStream;
import org.dozo.dicom.net.DimseMessage;
import org.dozo.dicom.net.IdentifierReader;
import org.dozo.dicom.net.LogLine;

/** Takes the identifiers of C-FIND, C-MOVE and C-GET requests, or says why not. */
final class IdentifierIntake {

    private static final DimseStatus WRONG_CLASS =
            new DimseStatus(0x0122, "SOP class is not the context's, or not for this operation");
    private static final DimseStatus NO_IDENTIFIER = new DimseStatus(0xA900, "The request has no identifier");

    private final ServedAssociation served;
    private final IdentifierReader reader;

    IdentifierIntake(ServedAssociation served) {
        this.served = served;
        reader = new IdentifierReader(served.settings().maxIdentifier());
    }

    /**
     * The identifier of a request for {@code service}.
     *
     * @throws RefusedException 0122 of another class, A900 if there is none, C000 if it is malformed or beyond the limit; it may
     *     not be read to its end then
     * @throws IOException if the connection failed
     */
    Dataset take(DimseMessage message, QueryRetrieve service) throws RefusedException, IOException {
        CommandSet command = message.command();
        String abstractSyntaxUid = message.context().abstractSyntaxUid();
        if (!abstractSyntaxUid.equals(command.affectedSopClassUid())
                || QueryRetrieve.of(abstractSyntaxUid) != service) {
            throw new RefusedException(WRONG_CLASS);
        }
        DataSetInputStream dataSet = message.dataSet();
        if (dataSet == null) {
            throw new RefusedException(NO_IDENTIFIER);
        }
        try {
            return reader.read(dataSet, message.context().transferSyntaxUid());
        } catch (DicomFormatException e) {
            throw refusal("Malformed: " + e.getMessage(), e);
        } catch (DicomLimitException e) {
            throw refusal(
                    "Identifier over " + served.settings().maxIdentifier() + " bytes, or too many or deep keys", e);
        }
    }

    private RefusedException refusal(String comment, IOException cause) {
        served.log()
                .write(
                        LogLine.IDENTIFIER_REFUSED,
                        "An identifier of " + served.association().callingAeTitle()
                                + " was answered C000 (at most "
                                + served.settings().maxIdentifier()
                                + " bytes are taken, dicom.max-identifier): " + cause.getMessage());
        return new RefusedException(new DimseStatus(0xC000, comment));
    }
}
