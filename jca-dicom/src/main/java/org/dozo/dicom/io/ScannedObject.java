// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.TransferSyntax;

/**
 * What a scan of one data set found.
 *
 * @param header all elements but the bulk values, which are absent in it
 * @param bulkValues in the order of the stream
 * @param findings faults that were read over; at most 100, each kind and tag once
 * @param length of the data set in bytes, inflated if it is deflated
 */
public record ScannedObject(
        TransferSyntax syntax, Dataset header, List<BulkValue> bulkValues, List<Finding> findings, long length) {

    public ScannedObject {
        bulkValues = List.copyOf(bulkValues);
        findings = List.copyOf(findings);
    }
}
