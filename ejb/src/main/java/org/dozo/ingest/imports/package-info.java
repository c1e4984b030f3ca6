// SPDX-License-Identifier: Apache-2.0
/**
 * Objects come in as files of the node's machine: folders, ZIPs, DICOMDIRs, for {@code ./dozo import}. A part of {@code ingest}, so
 * that every file ends in {@link org.dozo.ingest.IngestService} as every C-STORE does; {@code ingest} never knows of it. The one public
 * service is {@link org.dozo.ingest.imports.ImportService}. Must never know of networks, nor write where it reads.
 */
@NullMarked
package org.dozo.ingest.imports;

import org.jspecify.annotations.NullMarked;
