// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

/**
 * An instance whose storage is not committed, PS3.3 §C.14.
 *
 * @param reason Failure Reason (0008,1197): 0110 processing failure, 0112 no such object instance, 0213 resource limitation, 0122
 *     SOP class not supported, 0119 class and instance conflict, 0131 duplicate transaction UID; a peer may say others
 */
public record FailedSopReference(SopReference reference, int reason) {}
