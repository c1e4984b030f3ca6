// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.io.IOException;

/** One association as SCU. Not thread-safe. {@link #close} releases it in order, or aborts it after a failure. */
public interface DicomConnection extends StorageReceiver, AutoCloseable {

    /** C-ECHO, PS3.7 §9.1.5. Verification must have been proposed. */
    DimseStatus echo() throws IOException;

    /** Ends the association in order, now; {@link #close} may keep it open for a later caller. Nothing can be done with it afterwards. */
    void release();

    @Override
    void close();
}
