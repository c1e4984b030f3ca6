// SPDX-License-Identifier: Apache-2.0
package org.dozo.commitment;

/**
 * A request as its row says.
 *
 * @param state one of {@link RequestRows}'s
 * @param isTheSame whether the row is about the instances that are asked for now
 */
record KeptRequest(long id, String state, boolean isTheSame) {}
