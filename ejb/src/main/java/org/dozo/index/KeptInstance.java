// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.util.List;
import org.dozo.storage.Fixity;
import org.dozo.storage.StoredCopy;

/**
 * An instance with everything that was ever kept of it: the current object and those beside it.
 *
 * @param objects at least one
 */
public record KeptInstance(String sopInstanceUid, String sopClassUid, List<KeptObject> objects) {

    public KeptInstance {
        objects = List.copyOf(objects);
    }

    /**
     * One object as it was received.
     *
     * @param copies that are not known to be lost
     */
    public record KeptObject(long objectId, String name, Fixity fixity, List<KeptCopy> copies) {

        public KeptObject {
            copies = List.copyOf(copies);
        }
    }

    /** @param suspect whether it is on the record as one that could not be read, or was not what it should be */
    public record KeptCopy(StoredCopy copy, boolean suspect) {}
}
