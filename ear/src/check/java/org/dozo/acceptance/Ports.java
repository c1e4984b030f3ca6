// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Ports for servers of the tests: free, below the range of ephemeral ones, so that a restart finds them free again, and none given twice:
 * who has one may start later.
 */
final class Ports {

    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;

    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {}

    static int one() {
        return row(1, 0);
    }

    /** The first of several in a row, as are those 100, 200 … above them, so many times. */
    static synchronized int row(int length, int times) {
        while (true) {
            int first = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            Set<Integer> ports = new HashSet<>();
            IntStream.rangeClosed(0, times)
                    .forEach(time -> IntStream.range(0, length).forEach(port -> ports.add(first + 100 * time + port)));
            if (ports.stream().allMatch(port -> !GIVEN.contains(port) && isFree(port))) {
                GIVEN.addAll(ports);
                return first;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
