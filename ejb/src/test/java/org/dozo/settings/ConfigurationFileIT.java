// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.access.Permission;
import org.dozo.access.ProofWanted;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.Notices;
import org.dozo.shared.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationFileIT {

    private static final KnownPeer CT = new KnownPeer(
            "CT1", "10.0.0.1", 104, false, EnumSet.of(Permission.STORE, Permission.FIND), "2階 \"CT\": #1\n- yes");
    private static final KnownPeer WS = new KnownPeer(
            "123",
            "no",
            11112,
            true,
            Set.of(),
            "",
            ProofWanted.QUERY,
            false,
            KnownPeer.characterSetOf("\\ISO 2022 IR 87"));

    private TestDatabase test;
    private PeerRegistry peers;
    private ConfigurationFile file;

    @BeforeEach
    void open() throws SQLException {
        test = TestDatabase.migrated();
        Database database = test.database();
        peers = new PeerRegistry(database, Notices.NONE);
        file = new ConfigurationFile(database, peers, List.of());
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void whatIsExportedIsImportedTheSame() throws SQLException {
        peers.put(CT);
        peers.put(WS);
        String exported = file.export();
        assertTrue(file.compare(exported).isEmpty());
        peers.delete("CT1");
        peers.delete("123");
        assertEquals(2, file.apply(exported).lines().size());
        assertEquals(List.of(WS, CT), peers.list());
        assertEquals(exported, file.export());
    }

    @Test
    void peersThatAreAllowedTheSameAreWrittenOutEach() throws SQLException {
        peers.put(WS);
        peers.put(new KnownPeer("OTHER", "h", 104, false, Set.of(), ""));
        assertTrue(file.compare(file.export()).isEmpty());
    }

    @Test
    void theDifferenceNamesWhatIsAddedRemovedAndChanged() throws SQLException {
        peers.put(CT);
        peers.put(WS);
        String wanted = """
                version: 1
                peers:
                  - {aeTitle: CT1, host: 10.0.0.1, port: 105, allow: [store], characterSet: ISO_IR 100, note: "2階 \\"CT\\": #1\\n- yes"}
                  - {aeTitle: NEW, host: new.example, port: 104}
                """;
        List<String> expected = List.of(
                "- peer 123 {allow=[], characterSet=\"\\ISO 2022 IR 87\", host=no, note=\"\", notify=false, port=11112, proof=query, tls=true}",
                "~ peer CT1 allow: [store, find] -> [store]",
                "~ peer CT1 characterSet: \"\" -> \"ISO_IR 100\"",
                "~ peer CT1 port: 104 -> 105",
                "+ peer NEW {allow=[], characterSet=\"\", host=new.example, note=\"\", notify=false, port=104, proof=commitment, tls=false}");
        assertEquals(expected, file.compare(wanted).lines());
        assertEquals(List.of(WS, CT), peers.list(), "comparing changes nothing");
        assertEquals(expected, file.apply(wanted).lines());
        assertTrue(file.compare(wanted).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "peers: []",
                "version: 2\npeers: []",
                "version: 1\npeers: {}",
                "version: 1\npeers: [1]",
                "version: 1\nrules: []",
                "version: 1\npeers: [{aeTitle: A, host: h, port: 104, colour: red}]",
                "version: 1\npeers: [{aeTitle: A, host: h}]",
                "version: 1\npeers: [{aeTitle: A, host: h, port: '104'}]",
                "version: 1\npeers: [{aeTitle: A, host: h, port: 104, allow: [everything]}]",
                "version: 1\npeers: [{aeTitle: A, host: h, port: 104, characterSet: ISO_IR 999}]",
                "version: 1\npeers: [{aeTitle: A, host: h, port: 104, characterSet: [ISO_IR 100]}]",
                "version: 1\npeers: [{aeTitle: A, host: h, port: 104}, {aeTitle: A, host: i, port: 104}]",
                "version: 1\npeers: [{aeTitle: A, aeTitle: B, host: h, port: 104}]",
                "version: 1\npeers: [{aeTitle: A, host: h, port: 70000}]",
                "version: 1\npeers: &a [*a, *a]",
                "version: 1\npeers: [!!javax.script.ScriptEngineManager [x]]",
                "version: 1\npeers: [",
                "\0",
            })
    void aFileThatIsNotRightChangesNothing(String yaml) throws SQLException {
        peers.put(CT);
        FailureException refused = assertThrows(FailureException.class, () -> file.apply(yaml));
        assertEquals(Failure.INVALID_RECORD, refused.failure());
        assertEquals(List.of(CT), peers.list());
    }

    @Test
    void aCharacterSetThatIsNoneIsNamedWithThoseThatAre() {
        String yaml = "version: 1\npeers: [{aeTitle: A, host: h, port: 104, characterSet: ISO_IR 999}]";
        String refusal =
                assertThrows(FailureException.class, () -> file.apply(yaml)).getMessage();
        assertTrue(refusal.contains("characterSet") && refusal.contains("\"ISO_IR 999\""), refusal);
        assertTrue(refusal.contains("ISO_IR 100, ") && refusal.contains("GB18030"), refusal);
    }
}
