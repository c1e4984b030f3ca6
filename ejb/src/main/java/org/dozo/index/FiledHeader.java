// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.HeaderBlob;
import org.dozo.dicom.io.ScannedObject;
import org.dozo.shared.Bytes;

/**
 * The kept header of an instance's current object, where it is filed, and where it came from.
 *
 * @param sourceAeTitle who sent it; empty if not known
 * @param sourceAddress from where, in figures; {@code file} if it did not come by the network
 */
public record FiledHeader(
        long instanceId,
        String studyInstanceUid,
        String seriesInstanceUid,
        String sopInstanceUid,
        String sourceAeTitle,
        String sourceAddress,
        Bytes blob) {

    /** @throws DicomFormatException if it is damaged */
    public ScannedObject decode() throws DicomFormatException {
        return HeaderBlob.decode(blob.toArray());
    }
}
