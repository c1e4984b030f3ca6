// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.HeaderBlob;
import org.dozo.dicom.io.ScannedObject;
import org.dozo.shared.Bytes;

/** An instance's header as it is kept. */
public record InstanceHeader(long instanceId, String sopInstanceUid, Bytes blob) {

    /** @throws DicomFormatException if it is damaged */
    public ScannedObject decode() throws DicomFormatException {
        return HeaderBlob.decode(blob.toArray());
    }
}
