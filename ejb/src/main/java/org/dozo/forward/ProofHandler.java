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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.logging.Logger;
import org.dozo.access.Destination;
import org.dozo.access.Destinations;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Lease;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.RetryPlan;
import org.dozo.settings.ForwardSettings;
import org.dozo.shared.Database;

/**
 * Asks the destination for what it has acknowledged. What it does not name, even after a while, is sent once more; what it then still
 * does not name has failed. A destination that can't be asked is believed, and the proof says so.
 */
@Singleton
public class ProofHandler implements JobHandler {

    private static final Logger LOG = Logger.getLogger(ProofHandler.class.getName());

    /** Some destinations file what they took only after the association, and in their own time. */
    private static final int LOOKS = 6;

    /** The looks are spread over two minutes. */
    private static final RetryPlan RETRY = new RetryPlan(12, Duration.ofSeconds(1), 3, Duration.ofMinutes(10), 0.2);

    private static final Duration WHILE_PAUSED = Duration.ofSeconds(30);

    private static final String DELIVERY =
            "SELECT study_instance_uid, state FROM delivery WHERE id = ? AND destination = ?";

    private static final String SENT = """
            SELECT series.series_instance_uid, instance.sop_instance_uid
            FROM delivery_item AS item JOIN instance ON instance.id = item.instance_fk
            JOIN series ON series.id = instance.series_fk WHERE item.delivery_fk = ? AND item.state = 'SENT'""";

    /** Nothing was added or sent meanwhile. */
    private static final String PROVE = """
            UPDATE delivery SET state = 'VERIFIED', proof = ?, error = '', updated_at = now()
            WHERE id = ? AND state = 'SENT'""";

    private static final String LOCK = "SELECT priority FROM delivery WHERE id = ? AND state = 'SENT' FOR UPDATE";

    private static final String SEND_AGAIN = """
            UPDATE delivery_item AS item SET
                state = CASE WHEN attempts = 0 THEN 'QUEUED' ELSE 'FAILED' END, attempts = attempts + 1, scope = '',
                due_at = clock_timestamp(), reason = 'It was acknowledged, but is not found there', updated_at = now()
            FROM instance WHERE item.delivery_fk = ? AND instance.id = item.instance_fk AND item.state = 'SENT'
                AND instance.sop_instance_uid = ANY (?)""";

    private final Database database;
    private final PeerRegistry peers;
    private final Destinations destinations;
    private final PeerInquiry inquiry;
    private final DeliveryLedger ledger;
    private final JobKind kind;

    @Inject
    public ProofHandler(
            Database database,
            PeerRegistry peers,
            Destinations destinations,
            PeerInquiry inquiry,
            DeliveryLedger ledger,
            ForwardSettings settings) {
        this(database, peers, destinations, inquiry, ledger, settings, RETRY);
    }

    ProofHandler(
            Database database,
            PeerRegistry peers,
            Destinations destinations,
            PeerInquiry inquiry,
            DeliveryLedger ledger,
            ForwardSettings settings,
            RetryPlan retry) {
        this.database = database;
        this.peers = peers;
        this.destinations = destinations;
        this.inquiry = inquiry;
        this.ledger = ledger;
        this.kind = new JobKind(DeliveryLedger.PROOF_JOB, settings.associations(), 16, 1, JobKind.LEASE, retry);
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    /** A delivery whose objects were all acknowledged. */
    private record Claim(long id, String study, Map<String, Set<String>> sent) {}

    @Override
    public void run(JobRun run) throws SQLException, LeaseLostException, InterruptedException {
        String aeTitle = run.leases().getFirst().lane();
        Optional<KnownPeer> peer = peers.get(aeTitle);
        for (Lease lease : run.leases()) {
            if (run.isStopping()) {
                return;
            }
            Optional<Claim> claim = database.read(connection -> claim(connection, lease));
            if (claim.isEmpty()) {
                complete(run, lease);
            } else if (peer.isEmpty()) {
                prove(
                        run,
                        lease,
                        claim.get(),
                        Proof.ACKNOWLEDGED,
                        "There is no peer " + aeTitle + " to be asked any more");
            } else {
                check(run, lease, claim.get(), destinations.of(peer.get()));
            }
        }
    }

    private static Optional<Claim> claim(Connection connection, Lease lease) throws SQLException {
        long id = Long.parseLong(lease.key());
        String study;
        try (PreparedStatement statement = Sql.prepare(connection, DELIVERY, id, lease.lane());
                ResultSet row = statement.executeQuery()) {
            if (!row.next() || !row.getString(2).equals(DeliveryState.SENT.name())) {
                return Optional.empty();
            }
            study = row.getString(1);
        }
        Map<String, Set<String>> sent = new TreeMap<>();
        try (PreparedStatement statement = Sql.prepare(connection, SENT, id);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                sent.computeIfAbsent(row.getString(1), series -> new TreeSet<>())
                        .add(row.getString(2));
            }
        }
        return Optional.of(new Claim(id, study, sent));
    }

    private void check(JobRun run, Lease lease, Claim claim, Destination destination)
            throws SQLException, LeaseLostException, InterruptedException {
        PeerInquiry.Answer answer;
        try {
            answer = inquiry.ask(destination, claim.study(), claim.sent());
        } catch (IOException e) {
            unasked(run, lease, claim, destination, String.valueOf(e.getMessage()));
            return;
        }
        if (!answer.isAnswered()) {
            prove(run, lease, claim, Proof.ACKNOWLEDGED, "");
        } else if (answer.missing().isEmpty()) {
            prove(run, lease, claim, Proof.COUNTED, "");
        } else if (lease.attempt() < LOOKS) {
            fail(
                    run,
                    lease,
                    claim,
                    answer.missing().size() + " objects were acknowledged, but are not found there yet");
        } else {
            sendAgain(run, lease, claim, answer.missing());
        }
    }

    private void unasked(JobRun run, Lease lease, Claim claim, Destination destination, String fault)
            throws SQLException, LeaseLostException {
        if (lease.attempt() >= kind.retry().attempts()) {
            prove(run, lease, claim, Proof.ACKNOWLEDGED, "It could not be asked for its objects: " + fault);
        } else if (destination.isPaused()) {
            database.<Boolean, LeaseLostException>transaction(connection -> {
                run.putOff(connection, lease, WHILE_PAUSED, fault);
                return true;
            });
        } else {
            fail(run, lease, claim, fault);
        }
    }

    private void prove(JobRun run, Lease lease, Claim claim, Proof proof, String note)
            throws SQLException, LeaseLostException {
        database.<Boolean, LeaseLostException>transaction(connection -> {
            if (Sql.update(connection, PROVE, proof.name(), claim.id()) > 0) {
                DeliveryLedger.event(connection, claim.id(), "verified", proof.word());
                if (!note.isEmpty()) {
                    DeliveryLedger.note(connection, claim.id(), note);
                }
            }
            run.complete(connection, lease);
            return true;
        });
    }

    private void fail(JobRun run, Lease lease, Claim claim, String error) throws SQLException, LeaseLostException {
        database.<Boolean, LeaseLostException>transaction(connection -> {
            DeliveryLedger.error(connection, claim.id(), error);
            run.fail(connection, lease, error);
            return true;
        });
    }

    private void sendAgain(JobRun run, Lease lease, Claim claim, Set<String> missing)
            throws SQLException, LeaseLostException {
        LOG.warning(
                () -> "DOZO-FWD-005 Delivery " + claim.id() + " to " + lease.lane() + ": " + missing.size()
                        + " objects were acknowledged, but are not found there. Remedy: look at what the destination does with them");
        database.<Boolean, LeaseLostException>transaction(connection -> {
            try (PreparedStatement statement = Sql.prepare(connection, LOCK, claim.id());
                    ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    int priority = row.getInt(1);
                    Sql.update(connection, SEND_AGAIN, claim.id(), missing.toArray(String[]::new));
                    DeliveryLedger.event(
                            connection,
                            claim.id(),
                            "missed",
                            missing.size() + " acknowledged objects are not found there");
                    DeliveryState state = ledger.settle(connection, claim.id());
                    if (state == DeliveryState.QUEUED || state == DeliveryState.SENDING) {
                        Order.Key key = new Order.Key(claim.study(), lease.lane(), "");
                        ledger.announce(connection, claim.id(), key, priority, Duration.ZERO);
                    }
                }
            }
            run.complete(connection, lease);
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
