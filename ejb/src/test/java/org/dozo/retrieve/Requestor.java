// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.dozo.dicom.RetrieveProgress;
import org.dozo.dicom.SubOperations;

/** Who asked for a retrieval, and what he heard of it. */
final class Requestor implements RetrieveProgress {

    final List<SubOperations> heard = Collections.synchronizedList(new ArrayList<>());
    volatile BooleanSupplier cancels = () -> false;
    volatile boolean gone;

    @Override
    public void pending(SubOperations counts) throws IOException {
        if (gone) {
            throw new IOException("broken pipe");
        }
        heard.add(counts);
    }

    @Override
    public boolean isCancelled() {
        return cancels.getAsBoolean();
    }
}
