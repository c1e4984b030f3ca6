// SPDX-License-Identifier: Apache-2.0
package org.dozo.web;

import java.net.InetAddress;
import org.dozo.access.Balancers;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, and by which scheme: what the connection shows, or what a balancer of ours says in {@code X-Forwarded-For} and
 * {@code X-Forwarded-Proto}. What anybody else says there counts for nothing.
 *
 * @param address null if a balancer of ours did not say
 * @param scheme null if it is the connection's own
 */
record Caller(@Nullable InetAddress address, @Nullable String scheme) {

    static Caller of(
            InetAddress connected,
            @Nullable String forwardedFor,
            @Nullable String forwardedProto,
            Balancers balancers) {
        if (!balancers.addresses().contains(connected)) {
            return new Caller(connected, null);
        }
        String scheme = "https".equals(forwardedProto) ? "https" : null;
        return new Caller(forwardedFor == null ? null : last(forwardedFor), scheme);
    }

    /** A balancer adds its own at the end; what stands before is hearsay. */
    private static @Nullable InetAddress last(String forwardedFor) {
        try {
            return InetAddress.ofLiteral(
                    forwardedFor.substring(forwardedFor.lastIndexOf(',') + 1).strip());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    boolean isOnThisMachine() {
        return address != null && address.isLoopbackAddress();
    }
}
