// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.dozo.shared.Refreshed;

/**
 * The addresses of configured hosts. Name servers are asked at most every 30 seconds a host and waited for half a second; while they do
 * not answer, what they said last holds.
 */
final class HostAddresses {

    private static final int MOST_HOSTS = 10_000;

    private final Map<String, Refreshed<Set<InetAddress>>> hosts = new ConcurrentHashMap<>();

    boolean has(String host, InetAddress address) {
        if (hosts.size() > MOST_HOSTS) {
            // Only hosts of peers get here; what was renamed over the years is forgotten at once.
            hosts.clear();
        }
        return hosts.computeIfAbsent(host, HostAddresses::lookUp)
                .get()
                .orElse(Set.of())
                .contains(address);
    }

    private static Refreshed<Set<InetAddress>> lookUp(String host) {
        return new Refreshed<>(
                () -> Set.copyOf(Arrays.asList(InetAddress.getAllByName(host))),
                Duration.ofSeconds(30),
                Duration.ofMillis(500));
    }
}
