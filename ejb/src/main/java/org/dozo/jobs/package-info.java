// SPDX-License-Identifier: Apache-2.0
/**
 * Work that survives its node: jobs as rows with priority, attempts, lease and epoch, announced in the transaction that makes them
 * necessary and timed by the clock of the database. Must never know what a job does.
 */
@NullMarked
package org.dozo.jobs;

import org.jspecify.annotations.NullMarked;
