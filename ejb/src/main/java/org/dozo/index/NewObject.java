// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.util.List;
import org.dozo.shared.Bytes;
import org.dozo.shared.NodeTerm;

/**
 * An object as it was received and as it lies on the volumes.
 *
 * @param name random, unique for ever; no part of it comes from the object
 * @param dataSetSha256 of the data set as received, 32 bytes
 * @param dataSetOffset bytes of the file before the data set (preamble and file meta information)
 * @param dataSetLength bytes of the data set
 * @param headSha256 of the bytes before the data set, 32 bytes
 * @param sourceAddress the sender's address in figures
 * @param writer the node that took it in, in the term in which it began to
 * @param copies one for each volume that holds the file
 */
public record NewObject(
        String name,
        String transferSyntaxUid,
        Bytes dataSetSha256,
        int dataSetOffset,
        long dataSetLength,
        Bytes headSha256,
        String sourceAeTitle,
        String sourceAddress,
        NodeTerm writer,
        List<Copy> copies) {

    /**
     * A file of the object.
     *
     * @param volumeId of the table {@code volume}
     * @param path within the volume
     */
    public record Copy(short volumeId, String path) {}

    public NewObject {
        copies = List.copyOf(copies);
    }

    long fileLength() {
        return dataSetOffset + dataSetLength;
    }
}
