// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import java.io.InputStream;

/**
 * One object of a STOW-RS request.
 *
 * @param dataSet is read, not closed
 */
public record StowObject(String sopClassUid, String sopInstanceUid, String transferSyntaxUid, InputStream dataSet) {}
