// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import java.nio.file.Path;
import java.time.Duration;
import org.dozo.dicom.NodeProperties;
import org.dozo.storage.StorageSettings;

/**
 * The settings {@code import.*} of one node.
 *
 * @param threads {@code import.threads}: files taken at the same time, 1 to 64
 * @param patience {@code import.patience}: how long an import waits for volumes or the database before it halts
 * @param data the data directory: reports lie in {@code import/} below it, and nothing below it is ever imported
 */
public record ImportSettings(int threads, Duration patience, Path data) {

    static ImportSettings of(NodeProperties properties) {
        return new ImportSettings(
                properties.integer("import.threads", 4, 1, 64),
                properties.duration("import.patience", Duration.ofMinutes(5)),
                Path.of(System.getProperty(StorageSettings.DATA, "."))
                        .toAbsolutePath()
                        .normalize());
    }
}
