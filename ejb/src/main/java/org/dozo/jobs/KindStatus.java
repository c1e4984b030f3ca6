// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.util.List;

/**
 * A kind of job on this node.
 *
 * @param windows when its jobs are begun, such as {@code 22:00-06:00}; empty for always
 * @param open whether they are begun now
 */
public record KindStatus(JobKind kind, List<String> windows, boolean open) {}
