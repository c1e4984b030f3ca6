// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

/**
 * Files by what became of them.
 *
 * @param stored new to the archive, or another content of an instance that it knows
 * @param known in the archive already, by a former import or another way
 * @param skipped no DICOM object, on the record
 * @param refused DICOM objects that were not taken, or files that could not be read, on the record
 * @param missing named by a DICOMDIR and not there, on the record
 */
public record ImportCounts(long stored, long known, long skipped, long refused, long missing) {

    public long files() {
        return stored + known + skipped + refused;
    }
}
