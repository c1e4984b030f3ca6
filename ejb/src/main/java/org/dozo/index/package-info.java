// SPDX-License-Identifier: Apache-2.0
/**
 * What the archive knows of its objects: patient, study, series, instance, stored object and copy as rows, found or created under
 * the unique keys of the database; counters without hot rows; the ledger of discrepancies; the schema and its migrations. Neighbours:
 * {@code storage} keeps the bytes, {@code jobs} the work that follows. Must never know of associations, files or doors.
 */
@NullMarked
package org.dozo.index;

import org.jspecify.annotations.NullMarked;
