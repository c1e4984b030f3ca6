// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

/** Where an import stands. */
public enum ImportState {
    RUNNING,
    /** Every file was looked at; see the counts. */
    DONE,
    /** It could not go on: the message says why. Run again, it resumes. */
    HALTED,
    /** Somebody asked it to stop, or the node stopped. Run again, it resumes. */
    CANCELLED
}
