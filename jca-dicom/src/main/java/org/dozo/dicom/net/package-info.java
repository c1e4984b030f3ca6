// SPDX-License-Identifier: Apache-2.0
/**
 * The upper layer of PS3.8 and the messages of PS3.7: PDUs, the association as a state machine, presentation
 * contexts, commands. Neither side's policy: {@code inbound} and {@code outbound} decide.
 */
@NullMarked
package org.dozo.dicom.net;

import org.jspecify.annotations.NullMarked;
