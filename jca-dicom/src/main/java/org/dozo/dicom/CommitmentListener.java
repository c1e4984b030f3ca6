// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

/** The Storage Commitment Push Model, PS3.4 §J, in both roles. Implemented by the archive. */
public interface CommitmentListener {

    /**
     * As provider: a peer asks for a commitment (N-ACTION). Called once for each well-formed request.
     *
     * @return 0000 if the request is kept safe and will be reported on; 0124, 0131, 0213 or 0110 if not
     */
    DimseStatus requested(Association association, CommitmentRequest request);

    /**
     * As user: a peer reports what became of a request of ours (N-EVENT-REPORT). May come more than once.
     *
     * @return 0000 if the result is kept safe; 0115 if there is no such transaction, 0110 if it can't be kept now
     */
    DimseStatus reported(Association association, CommitmentResult result);
}
