// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dozo.dicom.Admission;
import org.dozo.dicom.Association;
import org.dozo.dicom.data.SpecificCharacterSet;
import org.dozo.shared.Await;
import org.dozo.shared.Database;
import org.dozo.shared.FailureException;
import org.dozo.shared.Notices;
import org.dozo.shared.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeersIT {

    /** More than on the path of an association: this machine may be busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private TestDatabase test;
    private PeerRegistry peers;

    @BeforeEach
    void open() throws SQLException {
        test = TestDatabase.migrated();
        peers = new PeerRegistry(test.database(), Notices.NONE, PATIENCE);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private static KnownPeer peer(String aeTitle, String host, Permission... allow) {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        permissions.addAll(List.of(allow));
        return new KnownPeer(aeTitle, host, 104, false, permissions, "CT on 2nd floor – 東京");
    }

    private static Association from(String aeTitle, String address) throws UnknownHostException {
        return new Association(1, aeTitle, "DOZO", InetAddress.getByName(address), false, "", "", Instant.EPOCH);
    }

    private Admissions admissions(boolean evaluation) {
        return new Admissions(peers, new AccessSettings("DOZO", evaluation));
    }

    @Test
    void peersAreAddedReplacedAndDeleted() throws SQLException {
        KnownPeer ct = peer("CT1", "10.0.0.1", Permission.STORE, Permission.FIND);
        peers.put(ct);
        assertEquals(List.of(ct), peers.list());
        assertEquals(Optional.of(ct), peers.get("CT1"));
        KnownPeer moved = new KnownPeer("CT1", "ct1.example", 11112, true, Set.of(), "");
        peers.put(moved);
        assertEquals(Optional.of(moved), peers.find("CT1"));
        assertEquals(2, test.number("SELECT version FROM peer"));
        peers.put(moved);
        assertEquals(2, test.number("SELECT version FROM peer"), "nothing changed");
        assertTrue(peers.delete("CT1"));
        assertFalse(peers.delete("CT1"));
        assertEquals(Optional.empty(), peers.get("CT1"));
        assertEquals(Optional.empty(), peers.find("CT1"));
    }

    @Test
    void thePeersCharacterSetIsKeptAndHoldsForItsOwnCallsOnly() throws Exception {
        KnownPeer japanese = japanese("\\ISO 2022 IR 87");
        peers.put(japanese);
        assertEquals(List.of(japanese), peers.list());
        assertEquals("\\ISO 2022 IR 87", test.text("SELECT character_set FROM peer"));
        Admissions admissions = admissions(true);
        assertEquals(
                List.of("", "ISO 2022 IR 87"),
                admissions.characterSet(from("WS1", "10.0.0.1")).definedTerms());
        assertEquals(SpecificCharacterSet.DEFAULT, admissions.characterSet(from("WS1", "10.0.0.2")));
        assertEquals(SpecificCharacterSet.DEFAULT, admissions.characterSet(from("ANY", "127.0.0.1")));
        peers.put(japanese("ISO_IR 192"));
        assertEquals(SpecificCharacterSet.UTF_8, admissions(false).characterSet(from("WS1", "10.0.0.1")));
        peers.put(japanese(""));
        assertEquals(SpecificCharacterSet.DEFAULT, admissions(false).characterSet(from("WS1", "10.0.0.1")));
    }

    private static KnownPeer japanese(String characterSet) {
        return new KnownPeer(
                "WS1",
                "10.0.0.1",
                104,
                false,
                Set.of(Permission.FIND),
                "",
                ProofWanted.COMMITMENT,
                false,
                KnownPeer.characterSetOf(characterSet));
    }

    @Test
    void aChangeOnAnotherNodeIsSeenWithinFiveSeconds() throws Exception {
        assertEquals(Optional.empty(), peers.find("CT1"));
        new PeerRegistry(test.database(), Notices.NONE).put(peer("CT1", "10.0.0.1"));
        Await.until(
                "the change is seen",
                Duration.ofSeconds(5),
                () -> peers.find("CT1").isPresent());
    }

    @Test
    void knownPeersStayKnownWhileTheDatabaseIsAway() throws Exception {
        TestDatabase away = TestDatabase.migrated();
        away.execute("INSERT INTO peer (ae_title, host, port) VALUES ('CT1', '10.0.0.1', 104)");
        org.postgresql.ds.PGSimpleDataSource source = new org.postgresql.ds.PGSimpleDataSource();
        source.setUrl(away.url());
        source.setUser("postgres");
        PeerRegistry registry = new PeerRegistry(new Database(source), Notices.NONE, PATIENCE);
        assertTrue(registry.find("CT1").isPresent());
        source.setPortNumbers(new int[] {1});
        registry.forget();
        assertTrue(registry.find("CT1").isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " CT1", "CT1 ", "CT\\1", "CT\0", "CT\n1", "SEVENTEENLETTERSX", "Ä", "  "})
    void anAeTitleThatIsNoneIsRefused(String aeTitle) {
        assertThrows(FailureException.class, () -> peer(aeTitle, "10.0.0.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "host;rm", "-x", "host\0", "http://x", "../x"})
    void aHostThatIsNoneIsRefused(String host) {
        assertThrows(FailureException.class, () -> peer("CT1", host));
    }

    @Test
    void aPortThatIsNoneIsRefused() {
        assertThrows(FailureException.class, () -> new KnownPeer("CT1", "h", 0, false, Set.of(), ""));
        assertThrows(FailureException.class, () -> new KnownPeer("CT1", "h", 65536, false, Set.of(), ""));
    }

    @Test
    void aKnownPeerAtItsAddressComesInAndMayWhatItsRecordSays() throws Exception {
        peers.put(peer("CT1", "10.0.0.1", Permission.STORE));
        peers.put(peer("WS1", "10.0.0.2", Permission.FIND));
        Admissions admissions = admissions(false);
        assertEquals(Admission.ACCEPTED, admissions.admit(from("CT1", "10.0.0.1")));
        assertTrue(admissions.may(from("CT1", "10.0.0.1"), Permission.STORE));
        assertEquals(Admission.ACCEPTED, admissions.admit(from("WS1", "10.0.0.2")));
        assertFalse(admissions.may(from("WS1", "10.0.0.2"), Permission.STORE));
    }

    @Test
    void unknownAndSpoofedAeTitlesAreRejected() throws Exception {
        peers.put(peer("CT1", "10.0.0.1", Permission.STORE));
        Admissions admissions = admissions(false);
        Association spoofed = from("CT1", "10.0.0.66");
        assertEquals(Admission.CALLING_AE_TITLE_NOT_RECOGNIZED, admissions.admit(spoofed));
        assertFalse(admissions.may(spoofed, Permission.STORE));
        assertEquals(Admission.CALLING_AE_TITLE_NOT_RECOGNIZED, admissions.admit(from("NOBODY", "10.0.0.1")));
        assertEquals(Admission.CALLING_AE_TITLE_NOT_RECOGNIZED, admissions.admit(from("' OR 1=1 --", "127.0.0.1")));
    }

    @Test
    void evaluationModeIsForLoopbackOnly() throws Exception {
        Admissions open = admissions(true);
        assertEquals(Admission.ACCEPTED, open.admit(from("ANY", "127.0.0.1")));
        assertEquals(Admission.ACCEPTED, open.admit(from("ANY", "::1")));
        assertTrue(open.may(from("ANY", "127.0.0.1"), Permission.STORE));
        assertEquals(Admission.CALLING_AE_TITLE_NOT_RECOGNIZED, open.admit(from("ANY", "10.0.0.1")));
        assertEquals(
                Admission.CALLING_AE_TITLE_NOT_RECOGNIZED, admissions(false).admit(from("ANY", "127.0.0.1")));
    }

    @Test
    void aPeerWithoutStoreMayNotStoreInEvaluationModeEither() throws Exception {
        peers.put(peer("WS1", "localhost", Permission.FIND));
        assertFalse(admissions(true).may(from("WS1", "127.0.0.1"), Permission.STORE));
    }

    @Test
    void aHostNameThatNobodyKnowsAdmitsNobodyAndHoldsNobodyUp() throws Exception {
        peers.put(peer("CT1", "no-such-host.invalid", Permission.STORE));
        long start = System.nanoTime();
        assertEquals(
                Admission.CALLING_AE_TITLE_NOT_RECOGNIZED, admissions(false).admit(from("CT1", "10.0.0.1")));
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 4000);
    }
}
