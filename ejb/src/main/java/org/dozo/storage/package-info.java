// SPDX-License-Identifier: Apache-2.0
/**
 * Objects on volumes: staged while they arrive, fsynced on {@code min-copies} volumes, kept under random write-once names
 * until recovery or retention removes them. The one public service is {@link org.dozo.storage.ObjectStorage}. Its neighbours
 * are {@code ingest}, which stages and keeps, and {@code index}, which records the copies and answers as {@link
 * org.dozo.storage.CopyLedger}. It must never know of DICOM attributes, of associations, or of who may see an object.
 */
@NullMarked
package org.dozo.storage;

import org.jspecify.annotations.NullMarked;
