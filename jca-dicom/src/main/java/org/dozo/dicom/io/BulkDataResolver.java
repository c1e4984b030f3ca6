// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import org.dozo.dicom.data.VR;
import org.jspecify.annotations.Nullable;

/** Gives the reader of a JSON or XML data set the values that stand elsewhere: PS3.18 F.2.6, PS3.19 A.1.5. */
@FunctionalInterface
public interface BulkDataResolver {

    /**
     * @param path the items that lead to the attribute, counted as they came, and its tag
     * @param uri as the sender wrote it: nothing to be opened without thought
     * @return the value in little endian, or null to leave the attribute out
     */
    byte @Nullable [] resolve(ElementPath path, VR vr, String uri) throws IOException;
}
