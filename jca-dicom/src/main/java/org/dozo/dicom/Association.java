// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.net.InetAddress;
import java.time.Instant;

/**
 * Who is on the other end of an association, PS3.8 §7.1. Immutable; shared by all operations of the association.
 *
 * @param id unique on this node since its start, for log lines
 * @param callingAeTitle 1 to 16 characters, no leading or trailing spaces, no control characters or backslash
 * @param calledAeTitle as {@code callingAeTitle}
 * @param remoteAddress the peer's address as the socket saw it, or as the balancer before it says
 * @param tls whether the connection is encrypted
 * @param implementationClassUid as the peer named itself, PS3.7 §D.3.3.2; empty if it did not
 * @param implementationVersionName up to 16 characters; empty if not given
 * @param requestedAt when the A-ASSOCIATE-RQ had arrived, by this node's clock
 */
public record Association(
        long id,
        String callingAeTitle,
        String calledAeTitle,
        InetAddress remoteAddress,
        boolean tls,
        String implementationClassUid,
        String implementationVersionName,
        Instant requestedAt) {}
