// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import org.dozo.dicom.data.Dataset;
import org.dozo.index.StoredInstance;

/**
 * An object that is to go out.
 *
 * @param patch what is changed in it; empty: nothing
 * @param syntaxUid the transfer syntax in which it goes
 */
public record PlannedObject(StoredInstance instance, Dataset patch, String syntaxUid) {

    /** Whether its file goes out byte by byte. */
    public boolean isAsStored() {
        return patch.isEmpty() && syntaxUid.equals(instance.transferSyntaxUid());
    }
}
