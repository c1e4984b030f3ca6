// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

/**
 * An application entity that can be called.
 *
 * @param aeTitle 1 to 16 characters
 * @param host name or address
 * @param port 1 to 65535
 */
public record Peer(String aeTitle, String host, int port, boolean tls) {}
