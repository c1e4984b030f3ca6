// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.dozo.dicom.NodeProperties;

/**
 * What one request of STOW-RS may ask of the node, and what it may bring.
 *
 * @param maxParts {@code stow.max-parts}: parts of one request, 1 to 1,000,000; each stored costs about 1 KiB of heap until the answer
 * @param maxSpoolBytes {@code stow.max-spool}: bytes of metadata and bulk data that one request may have on disk until it is complete
 * @param spool the directory for them: the server's own for temporary files
 * @param privateSopClasses {@code dicom.private-sop-classes}: taken besides those of the standard
 * @param unknownTransferSyntaxes {@code dicom.unknown-transfer-syntaxes}: taken besides those of the standard
 */
public record StowSettings(
        int maxParts,
        long maxSpoolBytes,
        Path spool,
        Set<String> privateSopClasses,
        Set<String> unknownTransferSyntaxes) {

    /** The key that raises {@link #maxSpoolBytes}. */
    public static final String MAX_SPOOL = "stow.max-spool";

    /** @throws IllegalArgumentException naming the key, its value and the range */
    static StowSettings of(NodeProperties properties) {
        return new StowSettings(
                properties.integer("stow.max-parts", 20_000, 1, 1_000_000),
                properties.bytes(MAX_SPOOL, 16L << 30),
                Path.of(System.getProperty("jboss.server.temp.dir", System.getProperty("java.io.tmpdir", "."))),
                Set.copyOf(properties.list("dicom.private-sop-classes", List.of())),
                Set.copyOf(properties.list("dicom.unknown-transfer-syntaxes", List.of())));
    }
}
