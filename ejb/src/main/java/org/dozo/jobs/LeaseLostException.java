// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

/** The lease ran out, or another owner holds the job now. Whatever was done under it must not be recorded: roll back. */
public final class LeaseLostException extends Exception {

    private static final long serialVersionUID = 1L;

    LeaseLostException(Lease lease) {
        super("The lease on job " + lease.jobId() + " (" + lease.kind() + ") of epoch " + lease.epoch()
                + " has run out or was taken over; its result is not recorded");
    }
}
