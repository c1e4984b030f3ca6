// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How far an import is.
 *
 * @param bytesDone of the files as they lie on the disk
 * @param filesTotal so far; a ZIP counts as one file, {@code bytesTotal} with it
 * @param counted whether the totals are final
 * @param message why it waits or has halted; empty if there is nothing to say
 * @param report the file that names every file skipped, refused or missing, with reason and remedy
 */
public record ImportProgress(
        String id,
        ImportState state,
        List<String> paths,
        boolean inPlace,
        ImportCounts counts,
        long bytesDone,
        long filesTotal,
        long bytesTotal,
        boolean counted,
        Duration elapsed,
        String message,
        Path report) {

    public ImportProgress {
        paths = List.copyOf(paths);
    }
}
