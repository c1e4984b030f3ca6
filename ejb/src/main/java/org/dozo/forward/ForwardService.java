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
import org.dozo.jobs.NewJob;
import org.dozo.sending.Carriers;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.Statements;

/** What operators see of deliveries, and may ask for. */
@Singleton
public class ForwardService {

    private static final int MOST_LISTED = 1000;
    private static final int MOST_EVENTS = 100;

    private static final String ASKED_FOR = "Somebody asked for it";

    /** Before the name of a prefetch rule in a delivery's {@code rule}; no rule's name has a colon. */
    private static final String PREFETCH = "prefetch:";

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
    private final Carriers carriers;
    private final DeliveryLedger ledger;

    @Inject
    public ForwardService(Database database, Carriers carriers, DeliveryLedger ledger) {
        this.database = database;
        this.carriers = carriers;
        this.ledger = ledger;
    }

    /**
     * The deliveries touched last, the latest first, {@value #MOST_LISTED} at most.
     *
     * @param study Study Instance UID; empty for all
     * @param destination its name; empty for all
     */
    public List<Delivery> list(String study, String destination) throws SQLException {
        return database.read(connection -> {
            List<Delivery> found = new ArrayList<>();
            try (PreparedStatement statement =
                            Statements.prepare(connection, LIST, study, study, destination, destination, MOST_LISTED);
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
        try (PreparedStatement statement = Statements.prepare(connection, EVENTS, id, MOST_EVENTS);
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
        if (carriers.find(destination).isEmpty()) {
            throw new FailureException(
                    Failure.UNKNOWN_DESTINATION,
                    "The destination is neither a known peer nor another destination; add it with ./dozo peer add AET HOST"
                            + " PORT or by POST /api/destinations");
        }
        database.<Boolean, SQLException>transaction(connection -> {
            // Who asks for it gets it, also back to where it came from.
            Order order = order(connection, new Order.Key(study, destination, ""), "", priority, false);
            if (order.targets().isEmpty()) {
                throw new FailureException(
                        Failure.NOT_FOUND, "The archive has no object of this study; check the Study Instance UID");
            }
            ledger.queue(connection, order);
            String[] states = again ? new String[] {"FAILED", "SKIPPED", "SENT"} : new String[] {"FAILED", "SKIPPED"};
            sendAgain(connection, study, destination, ASKED_FOR, true, states);
            return true;
        });
        return list(study, destination).getFirst();
    }

    /** @param heedsSource whether what came from the destination itself is not to be sent there */
    private static Order order(Connection connection, Order.Key key, String rule, int priority, boolean heedsSource)
            throws SQLException {
        Order order = new Order(key, rule, Duration.ZERO);
        try (PreparedStatement statement = Statements.prepare(connection, OBJECTS, key.destination(), key.study());
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                boolean back = heedsSource && row.getBoolean(3);
                order.add(new Order.Target(row.getLong(1), row.getLong(2), back, ""), priority, Duration.ZERO);
            }
        }
        return order;
    }

    /**
     * Queues a prior that a prefetch rule has selected, in the caller's transaction: what was not sent yet or has failed, or all of it
     * again, but never what came from the destination.
     *
     * @param rule the prefetch rule's name
     * @param priority 0 to 9
     */
    void prefetch(Connection connection, Order.Key prior, String rule, int priority, boolean again)
            throws SQLException {
        Order order = order(connection, prior, PREFETCH + rule, priority, true);
        if (order.targets().isEmpty()) {
            // Deleted since it was selected.
            return;
        }
        ledger.queue(connection, order);
        String[] states = again ? new String[] {"FAILED", "SENT"} : new String[] {"FAILED"};
        sendAgain(
                connection,
                prior.study(),
                prior.destination(),
                "The prefetch rule " + rule + " wants it",
                false,
                states);
    }

    /**
     * Queues again what has failed.
     *
     * @param study Study Instance UID; empty for all
     * @param destination its name; empty for all
     * @return how many deliveries are tried again
     */
    public int retry(String study, String destination) throws SQLException {
        return database.<Integer, SQLException>transaction(
                connection -> sendAgain(connection, study, destination, ASKED_FOR, false, "FAILED"));
    }

    private int sendAgain(
            Connection connection, String study, String destination, String why, boolean byHand, String... states)
            throws SQLException {
        record Open(long id, Order.Key key, int priority) {}
        List<Open> open = new ArrayList<>();
        String[] lockable =
                Stream.concat(Stream.of("QUEUED"), Stream.of(states)).toArray(String[]::new);
        try (PreparedStatement statement =
                        Statements.prepare(connection, LOCK, study, study, destination, destination, lockable);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                open.add(
                        new Open(row.getLong(1), new Order.Key(row.getString(2), row.getString(3), ""), row.getInt(4)));
            }
        }
        Statements.update(connection, AGAIN, byHand, open.stream().map(Open::id).toArray(Long[]::new), states);
        int reopened = 0;
        for (Open each : open) {
            List<String> scopes = scopes(connection, each.id());
            if (!scopes.isEmpty() && Statements.update(connection, REOPEN, each.id()) > 0) {
                reopened++;
                DeliveryLedger.event(connection, each.id(), "requested", why);
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
        try (PreparedStatement statement = Statements.prepare(connection, SCOPES, id);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                scopes.add(row.getString(1));
            }
        }
        return scopes;
    }
}
