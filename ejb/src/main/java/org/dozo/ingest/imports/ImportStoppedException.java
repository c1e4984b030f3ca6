// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

/** The import is to end before all files were looked at; {@link ImportRun} knows why. */
final class ImportStoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;
}
