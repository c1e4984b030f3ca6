// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import java.util.function.Consumer;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.io.FileMetaInformation;

/**
 * What is said of an object before its data set is read.
 *
 * @param sopClassUid of the request: the data set must agree
 * @param sopInstanceUid of the request: the data set must agree
 * @param sourceAeTitle who sends it, or whose content it is; empty if not known
 * @param receivingAeTitle how the archive was called; empty if it did not come by the network
 * @param sourceAddress from where, in figures; {@code file} if it did not come by the network
 * @param witness sees the header while the object is not yet durable, and may refuse it with a {@code FailureException}
 */
public record Arrival(
        String sopClassUid,
        String sopInstanceUid,
        String transferSyntaxUid,
        String sourceAeTitle,
        String receivingAeTitle,
        String sourceAddress,
        Consumer<Dataset> witness) {

    /** An object that nobody but the archive itself looks at. */
    public Arrival(
            String sopClassUid,
            String sopInstanceUid,
            String transferSyntaxUid,
            String sourceAeTitle,
            String receivingAeTitle,
            String sourceAddress) {
        this(
                sopClassUid,
                sopInstanceUid,
                transferSyntaxUid,
                sourceAeTitle,
                receivingAeTitle,
                sourceAddress,
                header -> {});
    }

    TransferSyntax transferSyntax() {
        TransferSyntax known = TransferSyntaxes.of(transferSyntaxUid);
        return known == null ? TransferSyntax.unknown(transferSyntaxUid) : known;
    }

    /** What the file says before the data set, written anew, PS3.10 §7.1: nothing of the sender's preamble gets into the archive. */
    byte[] fileHead() {
        String sendingAeTitle = receivingAeTitle.isEmpty() ? "" : sourceAeTitle;
        return new FileMetaInformation(
                        sopClassUid, sopInstanceUid, transferSyntaxUid, sourceAeTitle, sendingAeTitle, receivingAeTitle)
                .encode();
    }
}
