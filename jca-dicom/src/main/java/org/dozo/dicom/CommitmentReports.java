// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

/** Takes the reports that come back on the association of a commitment request, PS3.4 §J.3.3. */
public interface CommitmentReports {

    /** @return what the peer is answered: 0000 if the result is kept safe */
    DimseStatus reported(CommitmentResult result);
}
