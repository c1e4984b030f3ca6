// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

/**
 * Where one copy of an object lies.
 *
 * @param volumeId the volume's key in the table {@code volume}
 * @param path relative to the volume's directory, with {@code /}: {@code 2026/11/22/a7/<name>.dcm}
 */
public record StoredCopy(short volumeId, String volumeName, String path) {}
