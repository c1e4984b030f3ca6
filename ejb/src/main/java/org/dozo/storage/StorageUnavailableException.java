// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

/**
 * Fewer than {@code storage.min-copies} durable copies could be made; nothing of the object was left behind. The message names
 * each volume and its state. To the peer: A700, PS3.4 §B.2.3.
 */
public final class StorageUnavailableException extends RuntimeException {

    StorageUnavailableException(String message) {
        super(message);
    }
}
