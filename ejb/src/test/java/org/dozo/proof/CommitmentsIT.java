// SPDX-License-Identifier: Apache-2.0
package org.dozo.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dozo.access.AccessSettings;
import org.dozo.access.Destination;
import org.dozo.access.DestinationSettings;
import org.dozo.access.Destinations;
import org.dozo.access.KnownPeer;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.FailedSopReference;
import org.dozo.dicom.SopReference;
import org.dozo.jobs.Jobs;
import org.dozo.shared.Notices;
import org.dozo.shared.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What we ask of peers, and what we make of their answers: real database, a peer in memory. */
class CommitmentsIT {

    private static final KnownPeer PEER = new KnownPeer("ARCHIVE2", "127.0.0.1", 11113, false, Set.of(), "");
    private static final SopReference ONE = new SopReference("1.2.840.10008.5.1.4.1.1.2", "1.2.3.1");
    private static final SopReference TWO = new SopReference("1.2.840.10008.5.1.4.1.1.2", "1.2.3.2");

    private final FakePeer peer = new FakePeer();
    private TestDatabase test;
    private Commitments commitments;
    private Destination destination;

    @BeforeEach
    void open() throws SQLException {
        test = TestDatabase.migrated();
        commitments = new Commitments(test.database(), new Jobs(test.database()));
        destination = new Destinations(
                        peer, new AccessSettings("DOZO", false), DestinationSettings.DEFAULT, Notices.NONE)
                .of(PEER);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private String ask() throws Exception {
        return commitments.ask(destination, List.of(ONE, TWO));
    }

    private Promise promise(String uid) throws SQLException {
        return commitments.find(uid).orElseThrow();
    }

    @Test
    void aRequestIsOpenUntilItsReportComes() throws Exception {
        String uid = ask();
        assertEquals(List.of("ARCHIVE2 as DOZO"), peer.calls);
        assertEquals(uid, peer.requests.getFirst().transactionUid());
        assertEquals(List.of(ONE, TWO), peer.requests.getFirst().references());
        assertFalse(promise(uid).isAnswered());
        assertEquals(List.of("1.2.3.1", "1.2.3.2"), promise(uid).open());
        assertEquals(
                DimseStatus.SUCCESS,
                commitments.reported("ARCHIVE2", new CommitmentResult(uid, List.of(TWO, ONE), List.of())));
        assertTrue(promise(uid).isKept());
        assertEquals(List.of("1.2.3.1", "1.2.3.2"), promise(uid).committed());
    }

    @Test
    void whatFailedAndWhatIsNotSpokenOfIsNotCommitted() throws Exception {
        String uid = ask();
        commitments.reported(
                "ARCHIVE2", new CommitmentResult(uid, List.of(ONE), List.of(new FailedSopReference(ONE, 0x0112))));
        Promise promise = promise(uid);
        assertTrue(promise.isAnswered());
        assertFalse(promise.isKept());
        assertEquals(Map.of("1.2.3.1", 0x0112), promise.failed());
        assertEquals(List.of("1.2.3.2"), promise.open());
    }

    @Test
    void anInstanceCommittedUnderAnotherClassIsNotOurs() throws Exception {
        String uid = ask();
        SopReference other = new SopReference("1.2.840.10008.5.1.4.1.1.4", "1.2.3.1");
        commitments.reported("ARCHIVE2", new CommitmentResult(uid, List.of(other, TWO), List.of()));
        assertFalse(promise(uid).isKept());
        assertEquals(List.of("1.2.3.1"), promise(uid).open());
    }

    @Test
    void theFirstReportHoldsAndAStrangersIsNone() throws Exception {
        String uid = ask();
        CommitmentResult good = new CommitmentResult(uid, List.of(ONE, TWO), List.of());
        assertEquals(0x0115, commitments.reported("STRANGER", good).code());
        assertFalse(promise(uid).isAnswered());
        assertEquals(
                0x0115,
                commitments
                        .reported("ARCHIVE2", new CommitmentResult("1.2.9", List.of(ONE), List.of()))
                        .code());
        assertEquals(DimseStatus.SUCCESS, commitments.reported("ARCHIVE2", good));
        CommitmentResult bad = new CommitmentResult(uid, List.of(), List.of(new FailedSopReference(ONE, 0x0110)));
        assertEquals(DimseStatus.SUCCESS, commitments.reported("ARCHIVE2", bad));
        assertTrue(promise(uid).isKept());
    }

    @Test
    void aReportThatOvertakesTheResponseIsKept() throws Exception {
        peer.answersRequest = (request, reports) ->
                reports.reported(new CommitmentResult(request.transactionUid(), List.of(ONE, TWO), List.of()));
        assertTrue(promise(ask()).isKept());
    }

    @Test
    void aPeerThatGivesNoCommitmentIsToldFromOneThatIsAway() throws Exception {
        peer.offers = false;
        assertThrows(NoCommitmentException.class, this::ask);
        peer.offers = true;
        peer.answersRequest = (request, reports) -> new DimseStatus(0x0124, "");
        assertThrows(NoCommitmentException.class, this::ask);
        peer.answersRequest = (request, reports) -> new DimseStatus(0x0213, "");
        assertThrows(IOException.class, this::ask);
        peer.unreachable.set(1);
        assertThrows(IOException.class, this::ask);
        assertEquals(0, test.number("SELECT count(*) FROM commitment_asked"));
        assertEquals(Optional.empty(), commitments.find("1.2.9"));
    }

    @Test
    void everyPlaceIsGivenBackWhateverCameOfIt() throws Exception {
        for (int i = 0; i < 2 * DestinationSettings.DEFAULT.associationsPerDestination(); i++) {
            peer.offers = i % 2 == 0;
            if (peer.offers) {
                ask();
            } else {
                assertThrows(NoCommitmentException.class, this::ask);
            }
        }
        for (int i = 0; i < DestinationSettings.DEFAULT.associationsPerDestination(); i++) {
            assertTrue(destination.enter(Duration.ZERO));
        }
    }

    @Test
    void whatWasAskedLongAgoIsForgotten() throws Exception {
        String old = ask();
        test.execute("UPDATE commitment_asked SET asked_at = now() - interval '31 days'");
        String fresh = ask();
        assertEquals(Optional.empty(), commitments.find(old));
        assertEquals(2, promise(fresh).open().size());
        assertTrue(promise(fresh).age().toMinutes() < 5);
    }
}
