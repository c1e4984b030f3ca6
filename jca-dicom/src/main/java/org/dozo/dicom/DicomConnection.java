// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** One association as SCU. Not thread-safe. {@link #close} releases it in order, or aborts it after a failure. */
public interface DicomConnection extends AutoCloseable {

    /** C-ECHO, PS3.7 §9.1.5. Verification must have been proposed. */
    DimseStatus echo() throws IOException;

    /** The transfer syntaxes that the peer accepted for an abstract syntax; empty if none. */
    Set<String> acceptedTransferSyntaxUids(String abstractSyntaxUid);

    /**
     * C-STORE, PS3.7 §9.1.1: sends the rest of {@code dataSet} as it is.
     *
     * @throws IllegalArgumentException if no context was accepted for the class in this syntax
     */
    DimseStatus store(
            String sopClassUid, String sopInstanceUid, String transferSyntaxUid, Priority priority, InputStream dataSet)
            throws IOException;

    @Override
    void close();
}
