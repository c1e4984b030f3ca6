// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Keeps the log writer that the container hands out, as the connector contract asks. Nothing is written to it. */
abstract class LogWriterHolder {

    private @Nullable PrintWriter logWriter;

    public void setLogWriter(PrintWriter out) {
        logWriter = out;
    }

    public @Nullable PrintWriter getLogWriter() {
        return logWriter;
    }
}
