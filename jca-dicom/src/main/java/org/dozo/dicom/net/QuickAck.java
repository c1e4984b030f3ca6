// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import org.jspecify.annotations.Nullable;

/**
 * TCP_QUICKACK: acknowledge at once. Senders that leave Nagle's algorithm on (DCMTK's default, many modalities) wait for the
 * acknowledgement before they send the end of a message; Linux delays it by 40 ms, and forgets the option by itself, so it
 * is set again before reads.
 */
final class QuickAck {

    private final Socket socket;
    private @Nullable SocketOption<Boolean> option;

    private QuickAck(Socket socket, @Nullable SocketOption<Boolean> option) {
        this.socket = socket;
        this.option = option;
    }

    static QuickAck of(Socket socket) {
        // Looked up by name: the module jdk.net is not visible to every class loader, and absent where the system lacks
        // it.
        for (SocketOption<?> candidate : socket.supportedOptions()) {
            if (candidate.name().equals("TCP_QUICKACK") && candidate.type() == Boolean.class) {
                return new QuickAck(socket, castToBoolean(candidate));
            }
        }
        return new QuickAck(socket, null);
    }

    void rearm() {
        SocketOption<Boolean> known = option;
        if (known == null) {
            return;
        }
        try {
            socket.setOption(known, true);
        } catch (IOException | UnsupportedOperationException e) {
            // A closed socket tells so at the next read; a system without the option is only slower.
            option = null;
        }
    }

    @SuppressWarnings("unchecked") // Its type() was compared.
    private static SocketOption<Boolean> castToBoolean(SocketOption<?> candidate) {
        return (SocketOption<Boolean>) candidate;
    }
}
