// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** The far side of an association as SCP of the Storage service: of one that we opened, or of the one a C-GET came on. */
public interface StorageReceiver {

    /** The transfer syntaxes that the peer accepted for an abstract syntax; empty if none. */
    Set<String> acceptedTransferSyntaxUids(String abstractSyntaxUid);

    /**
     * C-STORE, PS3.7 §9.1.1: sends the rest of {@code dataSet} as it is.
     *
     * @throws IllegalArgumentException if no context was accepted for the class in this syntax
     * @throws IOException if reading {@code dataSet} or the association failed: the association can't be used any more
     */
    DimseStatus store(StoreOperation operation, InputStream dataSet) throws IOException;
}
