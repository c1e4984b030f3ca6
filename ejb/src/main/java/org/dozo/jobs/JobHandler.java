// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

/** Does one kind of work. {@link JobRunner} finds every bean of this type. */
public interface JobHandler {

    /** The same at every call. */
    JobKind kind();

    /**
     * Does a batch, on a virtual thread of its own. Every lease is ended through {@code run}; what is left when this returns or throws
     * has failed, with the exception's message (for operators: no patient data), and is tried again by the kind's plan.
     *
     * <p><em>Pitfalls:</em> a job may run more than once, so every effect must be idempotent under the job's key. Interrupted when the
     * node stops and {@link JobRun#isStopping} was not heeded.
     */
    void run(JobRun run) throws Exception;

    /** What an operator does about a dead letter of this kind, as a sentence. */
    default String remedy() {
        return "Mend what the error names, then retry the job; or cancel it";
    }
}
