// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

/**
 * The fields of a C-STORE-RQ, PS3.7 §9.3.1.1. The UIDs are as the peer sent them, without padding: not yet checked.
 *
 * @param moveOriginatorAeTitle empty if the object was not sent by a C-MOVE
 * @param moveOriginatorMessageId 0 if the object was not sent by a C-MOVE
 */
public record StoreRequest(
        Association association,
        int messageId,
        String affectedSopClassUid,
        String affectedSopInstanceUid,
        String transferSyntaxUid,
        Priority priority,
        String moveOriginatorAeTitle,
        int moveOriginatorMessageId) {}
