// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.time.Instant;
import java.util.List;
import org.dozo.shared.Bytes;
import org.dozo.storage.StoredCopy;

/**
 * An instance that can be retrieved: its current object, and where that lies.
 *
 * @param studyInstanceUid under which the archive has filed it, as {@code seriesInstanceUid}
 * @param objectName of the stored object, unique for ever: changes with the bytes
 * @param copies those to be tried first come first; none that is known to be lost. Empty if no copy is left
 * @param dataSetOffset bytes of the file before the data set
 * @param dataSetLength bytes of the data set as received
 * @param dataSetSha256 of the data set as received, 32 bytes
 * @param receivedAt by the database's clock
 */
public record StoredInstance(
        long instanceId,
        long objectId,
        String studyInstanceUid,
        String seriesInstanceUid,
        String sopInstanceUid,
        String sopClassUid,
        String transferSyntaxUid,
        String objectName,
        List<StoredCopy> copies,
        int dataSetOffset,
        long dataSetLength,
        Bytes dataSetSha256,
        Instant receivedAt) {

    public StoredInstance {
        copies = List.copyOf(copies);
    }

    StoredInstance withCopies(List<StoredCopy> found) {
        return new StoredInstance(
                instanceId,
                objectId,
                studyInstanceUid,
                seriesInstanceUid,
                sopInstanceUid,
                sopClassUid,
                transferSyntaxUid,
                objectName,
                found,
                dataSetOffset,
                dataSetLength,
                dataSetSha256,
                receivedAt);
    }

    /** Bytes of each of its files. */
    public long fileLength() {
        return dataSetOffset + dataSetLength;
    }
}
