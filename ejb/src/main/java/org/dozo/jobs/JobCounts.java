// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

/**
 * How many jobs of a kind there are.
 *
 * @param ready to be done: now, or once their time has come
 * @param failed dead letters: they wait for somebody's decision
 */
public record JobCounts(long ready, long leased, long failed) {}
