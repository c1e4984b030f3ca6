// SPDX-License-Identifier: Apache-2.0
/**
 * What the archive may see of DICOM networking: one small listener interface a service, the records they exchange, and the
 * outbound connection. Its neighbours {@code net}, {@code inbound} and {@code outbound} implement it. It must never know of
 * sockets, of the container, or of the archive behind the listeners.
 */
@NullMarked
package org.dozo.dicom;

import org.jspecify.annotations.NullMarked;
