// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dozo.access.PeerRegistry;
import org.dozo.jobs.NewJob;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** What operators see of deliveries, and may ask for. */
@Singleton
public class ForwardService {

    private static final int MOST_LISTED = 1000;
    private static final int MOST_EVENTS = 100;

    /** A sending that was given up with its node shows as a dead letter only. The key's first character after the id is a slash. */
    private static final String LIST = """
            SELECT d.id, d.study_instance_uid, d.destination,
                CASE WHEN dead.error IS NOT NULL AND d.state IN ('QUEUED', 'SENDING') THEN 'FAILED' ELSE d.state END,
                d.proof, coalesce(items.sent, 0), coalesce(items.total, 0), coalesce(items.failed, 0), d.rule, d.priority,
                coalesce(nullif(d.error, ''), dead.error, ''), d.note, d.updated_at
            FROM delivery AS d
            CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'SENT') AS sent,
                count(*) FILTER (WHERE state <> 'SKIPPED') AS total, count(*) FILTER (WHERE state = 'FAILED') AS failed
                FROM delivery_item WHERE delivery_fk = d.id) AS items
            LEFT JOIN LATERAL (SELECT last_error AS error FROM job WHERE kind = 'forward' AND state = 'FAILED'
                AND job_key >= d.id || '/' AND job_key < d.id || '0' LIMIT 1) AS dead ON true
            WHERE (? = '' OR d.study_instance_uid = ?) AND (? = '' OR d.destination = ?)
            ORDER BY d.updated_at DESC, d.id DESC LIMIT ?""";

    private static final String EVENTS = """
            SELECT happened_at, event, detail FROM (SELECT * FROM delivery_event WHERE delivery_fk = ?
                ORDER BY happened_at DESC LIMIT ?) AS latest ORDER BY happened_at""";

    private static final String OBJECTS = """
            SELECT instance.id, object.id, object.source_ae_title = ? FROM study
            JOIN series ON series.study_fk = study.id JOIN instance ON instance.series_fk = series.id
            JOIN stored_object AS object ON object.instance_fk = instance.id AND object.state = 'CURRENT'
            WHERE study.study_instance_uid = ? ORDER BY instance.id""";

    /** In the order that {@link DeliveryLedger} asks for, and before any of their objects. */
    private static final String LOCK = """
            SELECT id, study_instance_uid, destination, priority FROM delivery
            WHERE (? = '' OR study_instance_uid = ?) AND (? = '' OR destination = ?)
                AND EXISTS (SELECT 1 FROM delivery_item WHERE delivery_fk = delivery.id AND state = ANY (?))
            ORDER BY study_instance_uid, destination FOR UPDATE""";

    /** Of an object that somebody asks for by hand, the options of a rule that is gone count no longer. */
    private static final String AGAIN = """
            UPDATE delivery_item SET state = 'QUEUED', scope = '', due_at = clock_timestamp(), attempts = 0, updated_at = now(),
                rule = CASE WHEN ? AND NOT EXISTS (SELECT FROM forward_rule WHERE name = rule) THEN '' ELSE rule END
            WHERE delivery_fk = ANY (?) AND state = ANY (?)""";

    private static final String REOPEN = """
            UPDATE delivery SET state = 'QUEUED', proof = '', error = '', updated_at = now()
            WHERE id = ? AND state NOT IN ('QUEUED', 'SENDING')""";

    private static final String SCOPES =
            "SELECT DISTINCT scope FROM delivery_item WHERE delivery_fk = ? AND state = 'QUEUED'";

    private final Database database;
    private final PeerRegistry peers;
    private final DeliveryLedger ledger;

    @Inject
    public ForwardService(Database database, PeerRegistry peers, DeliveryLedger ledger) {
        this.database = database;
        this.peers = peers;
        this.ledger = ledger;
    }

    /**
     * The deliveries touched last, the latest first, {@value #MOST_LISTED} at most.
     *
     * @param study Study Instance UID; empty for all
     * @param destination AE title; empty for all
     */
    public List<Delivery> list(String study, String destination) throws SQLException {
        return database.read(connection -> {
            List<Delivery> found = new ArrayList<>();
            try (PreparedStatement statement =
                            Sql.prepare(connection, LIST, study, study, destination, destination, MOST_LISTED);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(delivery(row));
                }
            }
            if (study.isEmpty()) {
                return found;
            }
            List<Delivery> told = new ArrayList<>();
            for (Delivery each : found) {
                told.add(each.with(events(connection, each.id())));
            }
            return told;
        });
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        String proof = row.getString(5);
        return new Delivery(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                DeliveryState.valueOf(row.getString(4)),
                proof.isEmpty() ? Optional.empty() : Optional.of(Proof.valueOf(proof)),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getString(9),
                row.getInt(10),
                row.getString(11),
                row.getString(12),
                row.getObject(13, OffsetDateTime.class).toInstant(),
                List.of());
    }

    private static List<Delivery.Event> events(Connection connection, long id) throws SQLException {
        List<Delivery.Event> events = new ArrayList<>();
        try (PreparedStatement statement = Sql.prepare(connection, EVENTS, id, MOST_EVENTS);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                events.add(new Delivery.Event(
                        row.getObject(1, OffsetDateTime.class).toInstant(), row.getString(2), row.getString(3)));
            }
        }
        return events;
    }

    /**
     * Queues what the archive has of a study for a destination: what was not sent yet or has failed, or all of it again.
     *
     * @param again whether also what was sent before
     * @param priority 0 to 9
     * @return how it stands now
     * @throws FailureException {@link Failure#NOT_FOUND} if there is no such study, {@link Failure#UNKNOWN_DESTINATION}
     */
    public Delivery request(String study, String destination, int priority, boolean again) throws SQLException {
        if (priority < 0 || priority > NewJob.STAT) {
            throw new FailureException(
                    Failure.INVALID_RECORD,
                    "The priority must be a number from 0 to 9: 9 STAT, 7 high, 5 routine, 1 bulk");
        }
        if (peers.get(destination).isEmpty()) {
            throw new FailureException(
                    Failure.UNKNOWN_DESTINATION,
                    "The destination is not a known peer; add it with ./dozo peer add AET HOST PORT");
        }
        database.<Boolean, SQLException>transaction(connection -> {
            Order order = order(connection, study, destination, priority);
            ledger.queue(connection, order);
            String[] states = again ? new String[] {"FAILED", "SKIPPED", "SENT"} : new String[] {"FAILED", "SKIPPED"};
            sendAgain(connection, study, destination, true, states);
            return true;
        });
        return list(study, destination).getFirst();
    }

    private static Order order(Connection connection, String study, String destination, int priority)
            throws SQLException {
        Order order = new Order(new Order.Key(study, destination, ""), "", Duration.ZERO);
        try (PreparedStatement statement = Sql.prepare(connection, OBJECTS, destination, study);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                // Who asks for it gets it, also back to where it came from.
                order.add(new Order.Target(row.getLong(1), row.getLong(2), false, ""), priority, Duration.ZERO);
            }
        }
        if (order.targets().isEmpty()) {
            throw new FailureException(
                    Failure.NOT_FOUND, "The archive has no object of this study; check the Study Instance UID");
        }
        return order;
    }

    /**
     * Queues again what has failed.
     *
     * @param study Study Instance UID; empty for all
     * @param destination AE title; empty for all
     * @return how many deliveries are tried again
     */
    public int retry(String study, String destination) throws SQLException {
        return database.<Integer, SQLException>transaction(
                connection -> sendAgain(connection, study, destination, false, "FAILED"));
    }

    private int sendAgain(Connection connection, String study, String destination, boolean byHand, String... states)
            throws SQLException {
        record Open(long id, Order.Key key, int priority) {}
        List<Open> open = new ArrayList<>();
        String[] lockable =
                Stream.concat(Stream.of("QUEUED"), Stream.of(states)).toArray(String[]::new);
        try (PreparedStatement statement =
                        Sql.prepare(connection, LOCK, study, study, destination, destination, lockable);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                open.add(
                        new Open(row.getLong(1), new Order.Key(row.getString(2), row.getString(3), ""), row.getInt(4)));
            }
        }
        Sql.update(connection, AGAIN, byHand, open.stream().map(Open::id).toArray(Long[]::new), states);
        int reopened = 0;
        for (Open each : open) {
            List<String> scopes = scopes(connection, each.id());
            if (!scopes.isEmpty() && Sql.update(connection, REOPEN, each.id()) > 0) {
                reopened++;
                DeliveryLedger.event(connection, each.id(), "requested", "Somebody asked for it");
            }
            for (String scope : scopes) {
                Order.Key key = new Order.Key(each.key().study(), each.key().destination(), scope);
                ledger.announce(connection, each.id(), key, each.priority(), Duration.ZERO);
            }
        }
        return reopened;
    }

    private static List<String> scopes(Connection connection, long id) throws SQLException {
        List<String> scopes = new ArrayList<>();
        try (PreparedStatement statement = Sql.prepare(connection, SCOPES, id);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                scopes.add(row.getString(1));
            }
        }
        return scopes;
    }
}
