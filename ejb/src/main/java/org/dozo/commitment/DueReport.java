// SPDX-License-Identifier: Apache-2.0
package org.dozo.commitment;

import org.dozo.dicom.CommitmentResult;

/**
 * What a peer is to be told.
 *
 * @param aeTitle whom to tell
 * @param ownAeTitle as whom
 */
record DueReport(String aeTitle, String ownAeTitle, CommitmentResult result) {}
