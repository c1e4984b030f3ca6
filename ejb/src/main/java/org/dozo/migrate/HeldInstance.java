// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

/**
 * An instance that the archive holds.
 *
 * @param sha256 of its data set as received, in hexadecimal digits
 * @param alternates other contents that came under its UID, and are kept beside it
 */
public record HeldInstance(String sopInstanceUid, String sha256, int alternates) {}
