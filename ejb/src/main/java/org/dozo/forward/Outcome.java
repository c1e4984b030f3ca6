// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

/**
 * What became of one object at its destination.
 *
 * @param isSent whether it was taken
 * @param isAgain if it was not: whether it may be tried again
 * @param status the DIMSE status answered; -1 for none
 * @param reason for operators; empty for nothing to say
 */
record Outcome(Parcel.Item item, boolean isSent, boolean isAgain, int status, String reason) {}
