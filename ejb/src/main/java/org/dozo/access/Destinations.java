// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.dozo.dicom.DicomConnectionFactory;
import org.dozo.dicom.Peer;
import org.dozo.shared.Notices;

/** The peers that are sent to, each with a bounded number of associations of its own: one that is slow or dead delays no other. */
@Singleton
public class Destinations {

    private static final int MOST_DESTINATIONS = 10_000;

    private final DicomConnectionFactory connections;
    private final AccessSettings access;
    private final DestinationSettings settings;
    private final Notices notices;
    private final Map<Peer, Destination> known = new ConcurrentHashMap<>();

    @Inject
    public Destinations(
            DicomConnectionFactory connections, AccessSettings access, DestinationSettings settings, Notices notices) {
        this.connections = connections;
        this.access = access;
        this.settings = settings;
        this.notices = notices;
        notices.follow(Gate.PAUSED, new Notices.Follower() {
            @Override
            public void posted(String name) {
                named(name, Gate::pausedElsewhere);
            }

            @Override
            public void removed(String name) {
                named(name, Gate::answeredElsewhere);
            }
        });
    }

    private void named(String noticeName, Consumer<Gate> action) {
        known.forEach((peer, destination) -> {
            if (Destination.noticeName(peer).equals(noticeName)) {
                action.accept(destination.gate());
            }
        });
    }

    /** The destination that this peer is; the same for all who send to it. */
    public Destination of(KnownPeer peer) {
        if (known.size() > MOST_DESTINATIONS) {
            // Addresses that peers had over the years: what is in use is held by who uses it.
            known.clear();
        }
        return known.computeIfAbsent(
                peer.address(), address -> new Destination(address, access.aeTitle(), connections, settings, notices));
    }
}
