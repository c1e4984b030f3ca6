// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.io.InputStream;

/** What the caller wants to know of a data set while its bytes flow to disk. */
@FunctionalInterface
public interface DataSetReading<T> {

    /**
     * Reads as much of the data set as it needs; the rest is written without it.
     *
     * <p><em>Pitfalls:</em> the stream hands on every byte that is read or skipped; use large reads or {@code skip}. Marks are
     * not supported, closing has no effect.
     *
     * @throws IOException if the data set is refused or its source fails: passed to the caller of {@link ObjectStorage#stage}
     *     unchanged, after everything written was removed
     */
    T read(InputStream dataSet) throws IOException;
}
