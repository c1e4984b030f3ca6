// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.dozo.access.Destination;
import org.dozo.access.Destinations;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.access.ProofWanted;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Lease;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.RetryPlan;
import org.dozo.proof.NoCommitmentException;
import org.dozo.sending.Carriers;
import org.dozo.sending.Inspection;
import org.dozo.sending.Inspector;
import org.dozo.sending.Sent;
import org.dozo.settings.ForwardSettings;
import org.dozo.shared.Database;
import org.dozo.shared.Statements;

/**
 * Has the destination prove what it has acknowledged: by storage commitment where it gives that, else by C-FIND; those that are no
 * application entities in their own ways. What it does not answer for or name, even after a while, is sent once more; what it then still
 * does not has failed. A destination that can't be asked is believed, and the proof says so.
 */
@Singleton
public class ProofHandler implements JobHandler {

    private static final Logger LOG = Logger.getLogger(ProofHandler.class.getName());

    /** Some destinations file what they took only after the association, and in their own time. */
    private static final int LOOKS = 6;

    /** The looks are spread over two minutes. */
    private static final RetryPlan RETRY = new RetryPlan(12, Duration.ofSeconds(1), 3, Duration.ofMinutes(10), 0.2);

    private static final Duration SHORTEST_LOOK = Duration.ofSeconds(2);
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(5);

    private static final String WAITING = "It was asked for storage commitment; its answer is waited for";

    private static final String UNANSWERED =
            "It took the request for storage commitment, but has not answered it in the time"
                    + " given (forward.commitment-wait): its objects were asked for instead";

    private static final Duration WHILE_PAUSED = Duration.ofSeconds(30);

    /** Nothing was added or sent meanwhile: what is proved is all that there is. Of a delivery that is locked. */
    private static final String PROVE = """
            UPDATE delivery SET state = 'VERIFIED', proof = ?, error = '',
                note = CASE WHEN note = ? THEN '' ELSE note END, updated_at = now()
            WHERE id = ? AND state = 'SENT' AND ? = (
                SELECT count(DISTINCT instance_fk) FROM delivery_item WHERE delivery_fk = delivery.id AND state = 'SENT')""";

    private static final String LOCK = "SELECT priority FROM delivery WHERE id = ? AND state = 'SENT' FOR UPDATE";

    private static final String SEND_AGAIN = """
            UPDATE delivery_item AS item SET
                state = CASE WHEN attempts = 0 THEN 'QUEUED' ELSE 'FAILED' END, attempts = attempts + 1, scope = '',
                due_at = clock_timestamp(), reason = ?, updated_at = now()
            FROM instance WHERE item.delivery_fk = ? AND instance.id = item.instance_fk AND item.state = 'SENT'
                AND instance.sop_instance_uid = ANY (?)""";

    private final Database database;
    private final PeerRegistry peers;
    private final Destinations destinations;
    private final Carriers carriers;
    private final PeerInquiry inquiry;
    private final CommitmentInquiry commitment;
    private final DeliveryLedger ledger;
    private final ForwardSettings settings;
    private final JobKind kind;

    @Inject
    public ProofHandler(
            Database database,
            PeerRegistry peers,
            Destinations destinations,
            Carriers carriers,
            PeerInquiry inquiry,
            CommitmentInquiry commitment,
            DeliveryLedger ledger,
            ForwardSettings settings) {
        this(database, peers, destinations, carriers, inquiry, commitment, ledger, settings, RETRY);
    }

    ProofHandler(
            Database database,
            PeerRegistry peers,
            Destinations destinations,
            Carriers carriers,
            PeerInquiry inquiry,
            CommitmentInquiry commitment,
            DeliveryLedger ledger,
            ForwardSettings settings,
            RetryPlan retry) {
        this.database = database;
        this.peers = peers;
        this.destinations = destinations;
        this.carriers = carriers;
        this.inquiry = inquiry;
        this.commitment = commitment;
        this.settings = settings;
        this.ledger = ledger;
        this.kind = new JobKind(DeliveryLedger.PROOF_JOB, settings.associations(), 16, 1, JobKind.LEASE, retry);
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(JobRun run) throws SQLException, LeaseLostException, InterruptedException {
        String aeTitle = run.leases().getFirst().lane();
        Optional<KnownPeer> peer = peers.get(aeTitle);
        Optional<Inspector> inspector = peer.isPresent() ? Optional.empty() : carriers.inspector(aeTitle);
        List<Claim> unasked = new ArrayList<>();
        for (Lease lease : run.leases()) {
            if (run.isStopping()) {
                return;
            }
            Optional<Claim> claim = database.read(connection -> Claim.of(connection, lease));
            if (claim.isEmpty()) {
                complete(run, lease);
            } else if (inspector.isPresent()) {
                inspect(run, claim.get(), inspector.get());
            } else if (peer.isEmpty()) {
                prove(
                        run,
                        claim.get(),
                        Proof.ACKNOWLEDGED,
                        "There is no destination " + aeTitle + " to be asked any more");
            } else if (!isDecided(run, claim.get(), peer.get())) {
                unasked.add(claim.get());
            }
        }
        if (peer.isPresent() && !unasked.isEmpty() && !run.isStopping()) {
            askForCommitment(run, unasked, destinations.of(peer.get()));
        }
    }

    /** Whether nothing is to be asked of the peer but what was: else it is to be asked for its commitment. */
    private boolean isDecided(JobRun run, Claim claim, KnownPeer peer)
            throws SQLException, LeaseLostException, InterruptedException {
        Destination destination = destinations.of(peer);
        if (peer.proof() == ProofWanted.ACKNOWLEDGEMENT) {
            prove(run, claim, Proof.ACKNOWLEDGED, "");
            return true;
        }
        CommitmentInquiry.Standing standing = peer.proof() == ProofWanted.COMMITMENT
                ? commitment.standing(claim)
                : CommitmentInquiry.Standing.UNASKED;
        if (!standing.isAsked()) {
            if (peer.proof() == ProofWanted.COMMITMENT && !commitment.isWithout(destination)) {
                return false;
            }
            check(run, claim, destination, "");
        } else if (!standing.isAnswered()) {
            await(run, claim, destination, standing.age());
        } else if (standing.refused().isEmpty()) {
            prove(run, claim, Proof.COMMITTED, "");
        } else {
            refused(run, claim, standing.refused());
        }
        return true;
    }

    private void await(JobRun run, Claim claim, Destination destination, Duration age)
            throws SQLException, LeaseLostException, InterruptedException {
        Duration left = settings.commitmentWait().minus(age);
        if (left.isNegative() || left.isZero()) {
            check(run, claim, destination, UNANSWERED);
            return;
        }
        // The answer announces the job; this is for the one that comes while it runs.
        Duration next =
                Duration.ofMillis(Math.clamp(age.toMillis() / 2, SHORTEST_LOOK.toMillis(), LONGEST_LOOK.toMillis()));
        waitFor(run, claim, left.compareTo(next) < 0 ? left.plusMillis(1) : next);
    }

    private void waitFor(JobRun run, Claim claim, Duration delay) throws SQLException, LeaseLostException {
        database.<Boolean, LeaseLostException>transaction(connection -> {
            DeliveryLedger.error(connection, claim.id(), WAITING);
            run.putOff(connection, claim.lease(), delay, "");
            return true;
        });
    }

    private void askForCommitment(JobRun run, List<Claim> claims, Destination destination)
            throws SQLException, LeaseLostException, InterruptedException {
        try {
            commitment.ask(destination, claims);
        } catch (NoCommitmentException e) {
            LOG.log(Level.FINE, e, () -> "No storage commitment is to be had of " + destination.aeTitle());
            for (Claim claim : claims) {
                check(run, claim, destination, "");
            }
            return;
        } catch (IOException e) {
            for (Claim claim : claims) {
                if (claim.lease().attempt() >= LOOKS && !destination.isPaused()) {
                    check(run, claim, destination, "It could not be asked for storage commitment: " + e.getMessage());
                } else {
                    unasked(run, claim, destination.isPaused(), String.valueOf(e.getMessage()));
                }
            }
            return;
        }
        for (Claim claim : claims) {
            CommitmentInquiry.Standing standing = commitment.standing(claim);
            if (standing.isAnswered() && standing.refused().isEmpty()) {
                prove(run, claim, Proof.COMMITTED, "");
            } else {
                waitFor(run, claim, standing.isAnswered() ? Duration.ZERO : SHORTEST_LOOK);
            }
        }
    }

    /** It may have filed them by now: only what it refuses again and again is sent once more. */
    private void refused(JobRun run, Claim claim, Map<String, Integer> refused)
            throws SQLException, LeaseLostException {
        String reasons = refused.values().stream()
                .distinct()
                .sorted()
                .map(CommitmentInquiry::text)
                .collect(Collectors.joining(", "));
        String why = "Storage commitment of it was refused: " + reasons;
        if (claim.lease().attempt() < LOOKS) {
            database.<Boolean, LeaseLostException>transaction(connection -> {
                CommitmentInquiry.forget(connection, claim.id());
                String error = "Storage commitment of " + refused.size() + " objects was refused: " + reasons;
                DeliveryLedger.error(connection, claim.id(), error);
                run.fail(connection, claim.lease(), error);
                return true;
            });
        } else {
            sendAgain(run, claim, refused.keySet(), why);
        }
    }

    private void check(JobRun run, Claim claim, Destination destination, String note)
            throws SQLException, LeaseLostException, InterruptedException {
        PeerInquiry.Answer answer;
        try {
            answer = inquiry.ask(destination, claim.study(), claim.uids());
        } catch (IOException e) {
            unasked(run, claim, destination.isPaused(), String.valueOf(e.getMessage()));
            return;
        }
        if (!answer.isAnswered()) {
            prove(run, claim, Proof.ACKNOWLEDGED, note);
        } else if (answer.missing().isEmpty()) {
            prove(run, claim, Proof.COUNTED, note);
        } else {
            missed(run, claim, answer.missing(), "It was acknowledged, but is not found there");
        }
    }

    /** As a destination that is no peer can be looked at. */
    private void inspect(JobRun run, Claim claim, Inspector inspector)
            throws SQLException, LeaseLostException, InterruptedException {
        Optional<Inspection> found;
        try {
            found = inspector.inspect(new Sent(claim.study(), claim.uids(), claim.digests()), run::isStopping);
        } catch (IOException e) {
            unasked(run, claim, inspector.isPaused(), String.valueOf(e.getMessage()));
            return;
        }
        if (found.isEmpty()) {
            return;
        }
        Inspection inspection = found.get();
        if (!inspection.missing().isEmpty()) {
            missed(run, claim, inspection.missing(), inspection.fault());
            return;
        }
        switch (inspection.depth()) {
            case NONE -> prove(run, claim, Proof.ACKNOWLEDGED, "");
            case NAMES -> prove(run, claim, Proof.COUNTED, "");
            case DIGESTS -> prove(run, claim, Proof.COMPARED, "");
        }
    }

    /** It may have filed them by the next look: only what is missing again and again is sent once more. */
    private void missed(JobRun run, Claim claim, Set<String> missing, String why)
            throws SQLException, LeaseLostException {
        if (claim.lease().attempt() < LOOKS) {
            fail(run, claim, missing.size() + " objects were acknowledged, but are not found there yet");
        } else {
            sendAgain(run, claim, missing, why);
        }
    }

    private void unasked(JobRun run, Claim claim, boolean isPaused, String fault)
            throws SQLException, LeaseLostException {
        if (claim.lease().attempt() >= kind.retry().attempts()) {
            prove(run, claim, Proof.ACKNOWLEDGED, "It could not be asked for its objects: " + fault);
        } else if (isPaused) {
            database.<Boolean, LeaseLostException>transaction(connection -> {
                run.putOff(connection, claim.lease(), WHILE_PAUSED, fault);
                return true;
            });
        } else {
            fail(run, claim, fault);
        }
    }

    private void prove(JobRun run, Claim claim, Proof proof, String note) throws SQLException, LeaseLostException {
        database.<Boolean, LeaseLostException>transaction(connection -> {
            if (isProved(connection, claim, proof)) {
                DeliveryLedger.event(connection, claim.id(), "verified", proof.word());
                if (!note.isEmpty()) {
                    DeliveryLedger.note(connection, claim.id(), note);
                }
            }
            run.complete(connection, claim.lease());
            return true;
        });
    }

    /** Not if objects were sent after the claim was read: the job was announced once more with them. */
    private static boolean isProved(Connection connection, Claim claim, Proof proof) throws SQLException {
        try (PreparedStatement lock = Statements.prepare(connection, LOCK, claim.id());
                ResultSet row = lock.executeQuery()) {
            int all = claim.instances().size();
            return row.next() && Statements.update(connection, PROVE, proof.name(), UNANSWERED, claim.id(), all) > 0;
        }
    }

    private void fail(JobRun run, Claim claim, String error) throws SQLException, LeaseLostException {
        database.<Boolean, LeaseLostException>transaction(connection -> {
            DeliveryLedger.error(connection, claim.id(), error);
            run.fail(connection, claim.lease(), error);
            return true;
        });
    }

    private void sendAgain(JobRun run, Claim claim, Set<String> missing, String why)
            throws SQLException, LeaseLostException {
        String destination = claim.lease().lane();
        LOG.warning(() -> "DOZO-FWD-005 Delivery " + claim.id() + " to " + destination + ": of " + missing.size()
                + " objects it must be said: " + why + ". Remedy: look at what the destination does with them");
        database.<Boolean, LeaseLostException>transaction(connection -> {
            try (PreparedStatement statement = Statements.prepare(connection, LOCK, claim.id());
                    ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    int priority = row.getInt(1);
                    Statements.update(connection, SEND_AGAIN, why, claim.id(), missing.toArray(String[]::new));
                    DeliveryLedger.event(
                            connection,
                            claim.id(),
                            "missed",
                            missing.size() + " acknowledged objects are sent once more. " + why);
                    DeliveryState state = ledger.settle(connection, claim.id());
                    if (state == DeliveryState.QUEUED || state == DeliveryState.SENDING) {
                        Order.Key key = new Order.Key(claim.study(), destination, "");
                        ledger.announce(connection, claim.id(), key, priority, Duration.ZERO);
                    }
                }
            }
            run.complete(connection, claim.lease());
            return true;
        });
    }

    private void complete(JobRun run, Lease lease) throws SQLException, LeaseLostException {
        database.<Boolean, LeaseLostException>transaction(connection -> {
            run.complete(connection, lease);
            return true;
        });
    }

    @Override
    public String remedy() {
        return "Look whether the destination answers C-FIND (./dozo peer echo AET), then retry the job; cancelled, the delivery"
                + " stays sent, without proof";
    }
}
