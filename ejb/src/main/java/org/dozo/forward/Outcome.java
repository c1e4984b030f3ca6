// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.util.Optional;
import org.dozo.shared.Bytes;

/**
 * What became of one object at its destination.
 *
 * @param isSent whether it was taken
 * @param isAgain if it was not: whether it may be tried again
 * @param status the DIMSE status answered; -1 for none
 * @param reason for operators; empty for nothing to say
 * @param sha256 of the file that it became there; empty if it became none
 */
record Outcome(Parcel.Item item, boolean isSent, boolean isAgain, int status, String reason, Optional<Bytes> sha256) {}
