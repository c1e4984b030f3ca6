// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.dozo.access.KnownPeer;
import org.dozo.access.Permission;
import org.dozo.access.ProofWanted;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code ./dozo peer list} says of a peer beside its address. */
class PeerJsonTest {

    @ParameterizedTest
    @CsvSource({
        "commitment, false, '', '', ''",
        "commitment, false, '', CT 1, CT 1",
        "query, false, '', '', proof=query",
        "commitment, true, '', RIS, notify · RIS",
        "commitment, false, '\\ISO 2022 IR 87', '', 'character-set=\\ISO 2022 IR 87'",
        "acknowledgement, true, ISO_IR 100, x, proof=acknowledgement notify character-set=ISO_IR 100 · x",
    })
    void onlyWhatIsNotAsUsualIsRemarked(
            String proof, boolean notified, String characters, String note, String remarks) {
        KnownPeer peer = new KnownPeer(
                "CT1",
                "ct1",
                104,
                false,
                Set.of(Permission.STORE),
                note,
                ProofWanted.of(proof),
                notified,
                KnownPeer.characterSetOf(characters));
        assertEquals(remarks, PeerJson.remarks(peer));
    }
}
