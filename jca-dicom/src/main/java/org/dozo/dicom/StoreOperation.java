// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

/**
 * What a C-STORE-RQ that we send says of its object, PS3.7 §9.3.1.1.
 *
 * @param moveOriginatorAeTitle who asked for the retrieval; empty if this is no sub-operation of a C-MOVE
 * @param moveOriginatorMessageId of his C-MOVE-RQ; ignored if the title is empty
 */
public record StoreOperation(
        String sopClassUid,
        String sopInstanceUid,
        String transferSyntaxUid,
        Priority priority,
        String moveOriginatorAeTitle,
        int moveOriginatorMessageId) {

    /** Not on anybody's behalf. */
    public StoreOperation(String sopClassUid, String sopInstanceUid, String transferSyntaxUid, Priority priority) {
        this(sopClassUid, sopInstanceUid, transferSyntaxUid, priority, "", 0);
    }
}
