// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

/**
 * How many jobs of a kind there are.
 *
 * @param ready waiting, including those whose lease ran out
 * @param failed given up: they wait for somebody's decision
 */
public record JobCounts(long ready, long leased, long failed) {}
