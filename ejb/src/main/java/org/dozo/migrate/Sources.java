// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.dozo.access.AccessSettings;
import org.dozo.access.Destinations;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;

/** The archives that studies are brought from. */
@Singleton
public class Sources {

    private final PeerRegistry peers;
    private final Destinations destinations;
    private final AccessSettings access;

    @Inject
    public Sources(PeerRegistry peers, Destinations destinations, AccessSettings access) {
        this.peers = peers;
        this.destinations = destinations;
        this.access = access;
    }

    /**
     * Calls a source.
     *
     * @throws IOException if it can't be reached, or is left alone for a while
     * @throws SourceRefusedException if there is no peer of this title any more, or it does not offer what is needed
     */
    SourceArchive open(String title) throws SQLException, IOException, SourceRefusedException {
        Optional<KnownPeer> peer = peers.get(title);
        if (peer.isEmpty()) {
            throw SourceRefusedException.ofUs(
                    "There is no peer " + title + "; add it with ./dozo peer add " + title + " HOST PORT");
        }
        return SourceArchive.open(peer.get(), destinations.of(peer.get()), access.aeTitle());
    }
}
