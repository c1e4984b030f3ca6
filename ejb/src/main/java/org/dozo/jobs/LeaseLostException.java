// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.util.Collection;
import java.util.stream.Collectors;

/** A lease ran out, or another owner holds the job now. Whatever was done under it must not be recorded: roll back. */
public final class LeaseLostException extends Exception {

    private static final long serialVersionUID = 1L;

    LeaseLostException(Collection<Lease> leases) {
        super("A lease has run out, or was taken over or cancelled; its result is not recorded. It is one of: "
                + leases.stream()
                        .limit(5)
                        .map(lease -> "job " + lease.jobId() + " (" + lease.kind() + ") of epoch " + lease.epoch())
                        .collect(Collectors.joining(", ")));
    }
}
