// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.json.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.logging.Logger;
import org.dozo.forward.rules.Rule;
import org.dozo.forward.rules.RuleRegistry;
import org.dozo.jobs.Jobs;
import org.dozo.jobs.Lease;
import org.dozo.jobs.NewJob;
import org.dozo.shared.Bytes;
import org.dozo.shared.Statements;

/**
 * Writes the account of deliveries, always in the caller's transaction. Whoever writes of a delivery or its objects locks the delivery's
 * row first, and those of several in the order of study and destination: so none is settled while objects are added, and no two ever wait
 * for each other.
 */
@Singleton
public class DeliveryLedger {

    /** The kind of job that sends; its key is the delivery's id, a slash, and the scope. */
    static final String FORWARD_JOB = "forward";

    /** The kind of job that asks the destination for what it got; its key is the delivery's id. */
    static final String PROOF_JOB = "delivery-proof";

    /** Failures of one object, until it is given up. */
    static final int MOST_ATTEMPTS = 5;

    /** An instance that is to go to the same destination again and again, each time as another object, goes in a circle. */
    static final int MOST_ROUNDS = 4;

    private static final Logger LOG = Logger.getLogger(DeliveryLedger.class.getName());

    private static final String IN_ORDER = """
            SELECT id FROM delivery WHERE id = ANY (?) ORDER BY study_instance_uid COLLATE "C", destination COLLATE "C" FOR UPDATE""";

    private static final String OPEN = """
            INSERT INTO delivery AS d (study_instance_uid, destination, rule, priority) VALUES (?, ?, ?, ?)
            ON CONFLICT (study_instance_uid, destination) DO UPDATE
                SET rule = excluded.rule, priority = greatest(d.priority, excluded.priority)
            RETURNING id, state""";

    private static final String ADD = """
            INSERT INTO delivery_item (delivery_fk, instance_fk, object_fk, scope, due_at, rule, state, reason)
            SELECT ?, wanted.instance, wanted.object, ?, clock_timestamp() + ? * interval '1 millisecond', wanted.rule,
                CASE WHEN wanted.back OR rounds.number >= ? THEN 'SKIPPED' ELSE 'QUEUED' END,
                CASE WHEN wanted.back THEN 'It came from there' WHEN rounds.number >= ? THEN 'It goes in a circle' ELSE '' END
            FROM unnest(?::bigint[], ?::bigint[], ?::boolean[], ?::text[]) AS wanted (instance, object, back, rule)
            CROSS JOIN LATERAL (SELECT count(*) AS number FROM delivery_item AS known
                WHERE known.delivery_fk = ? AND known.instance_fk = wanted.instance AND known.object_fk <> wanted.object) AS rounds
            ON CONFLICT (delivery_fk, instance_fk, object_fk) DO UPDATE SET scope = '', due_at = excluded.due_at,
                    rule = CASE WHEN excluded.rule = '' THEN delivery_item.rule ELSE excluded.rule END
                WHERE delivery_item.state = 'QUEUED' AND delivery_item.scope <> '' AND excluded.scope = ''
            RETURNING state, reason""";

    private static final String REOPEN = """
            UPDATE delivery SET state = 'QUEUED', proof = '', error = '', updated_at = now()
            WHERE id = ? AND state IN ('SENT', 'VERIFIED', 'FAILED', 'SKIPPED')""";

    private static final String SKIP = """
            UPDATE delivery SET state = 'SKIPPED', updated_at = now() WHERE id = ? AND NOT EXISTS (
                SELECT 1 FROM delivery_item WHERE delivery_fk = delivery.id AND state <> 'SKIPPED')""";

    private static final String NOTE = "UPDATE delivery SET note = ? WHERE id = ? AND note <> ?";

    private static final String EVENT = "INSERT INTO delivery_event (delivery_fk, event, detail) VALUES (?, ?, ?)";

    private static final String DROP_REPLACED = """
            UPDATE delivery_item AS item SET state = 'SKIPPED', reason = 'It was replaced by a later object', updated_at = now()
            WHERE delivery_fk = ? AND scope = ? AND state = 'QUEUED' AND NOT EXISTS (
                SELECT 1 FROM stored_object WHERE id = item.object_fk AND state = 'CURRENT')""";

    /** Milliseconds until the first and until the last object queued is due; a row of NULL for none. */
    private static final String DUE = """
            SELECT extract(epoch FROM min(due_at) FILTER (WHERE due_at > clock_timestamp()) - clock_timestamp()) * 1000,
                extract(epoch FROM max(due_at) - clock_timestamp()) * 1000, count(*)
            FROM delivery_item WHERE delivery_fk = ? AND scope = ? AND state = 'QUEUED'""";

    private static final String ITEMS = """
            SELECT instance_fk, object_fk, rule FROM delivery_item
            WHERE delivery_fk = ? AND scope = ? AND state = 'QUEUED' AND due_at <= clock_timestamp()
                AND rule <> ALL (?)
            ORDER BY instance_fk, object_fk LIMIT ?""";

    private static final String RULES = """
            SELECT DISTINCT rule FROM delivery_item WHERE delivery_fk = ? AND scope = ? AND state = 'QUEUED' AND rule <> ''""";

    /** How it is to be sent is not known any more, and as it is kept might be what must not be sent. */
    private static final String GIVE_UP = """
            UPDATE delivery_item SET state = 'FAILED', updated_at = now(),
                reason = 'The rule "' || rule || '" that selected it is gone, and its options with it; put the rule back, or ask for the'
                    || ' study by hand (POST /api/deliveries) to send it as it is kept'
            WHERE delivery_fk = ? AND scope = ? AND state = 'QUEUED' AND rule = ANY (?)""";

    private static final String COERCED = """
            INSERT INTO delivery_event (delivery_fk, event, detail) SELECT ?, 'coerced', ?
            WHERE NOT EXISTS (SELECT FROM delivery_event WHERE delivery_fk = ? AND event = 'coerced' AND detail = ?)""";

    /** Who has the row now will tell of it himself. */
    private static final String BEGIN = """
            UPDATE delivery SET state = 'SENDING', updated_at = now() WHERE id IN (
                SELECT id FROM delivery WHERE id = ANY (?) AND state = 'QUEUED' FOR UPDATE SKIP LOCKED)""";

    private static final String UNBEGUN = """
            UPDATE delivery SET state = 'QUEUED', updated_at = now() WHERE id = ? AND state = 'SENDING'
                AND NOT EXISTS (SELECT FROM delivery_item WHERE delivery_fk = delivery.id AND state <> 'QUEUED')""";

    /** That an object was taken stays true, whoever says otherwise later. */
    private static final String RECORD = """
            UPDATE delivery_item AS item SET
                state = CASE WHEN told.sent THEN 'SENT' WHEN told.again AND attempts + 1 < ? THEN 'QUEUED' ELSE 'FAILED' END,
                attempts = attempts + CASE WHEN told.sent THEN 0 ELSE 1 END,
                status = nullif(told.status, -1), reason = told.reason, file_sha256 = decode(told.sha256, 'hex'), updated_at = now()
            FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::boolean[], ?::boolean[], ?::int[], ?::text[], ?::text[])
                AS told (delivery, instance, object, sent, again, status, reason, sha256)
            WHERE delivery_fk = told.delivery AND instance_fk = told.instance AND object_fk = told.object AND state <> 'SENT'""";

    private static final String LOCK = "SELECT destination, priority, state FROM delivery WHERE id = ? FOR UPDATE";

    private static final String COUNT = """
            SELECT count(*) FILTER (WHERE state = 'QUEUED'), count(*) FILTER (WHERE state = 'SENT'),
                count(*) FILTER (WHERE state = 'FAILED'),
                coalesce((array_agg(reason ORDER BY updated_at) FILTER (WHERE state = 'FAILED'))[1], '')
            FROM delivery_item WHERE delivery_fk = ?""";

    private static final String STATE =
            "UPDATE delivery SET state = ?, proof = ?, error = ?, updated_at = now() WHERE id = ?";

    private static final String ERROR = "UPDATE delivery SET error = ?, updated_at = now() WHERE id = ? AND error <> ?";

    private final Jobs jobs;

    @Inject
    public DeliveryLedger(Jobs jobs) {
        this.jobs = jobs;
    }

    /** Queues what is not queued yet, and announces its sending. A delivery that was done is open again. */
    void queue(Connection connection, Order order) throws SQLException {
        Order.Key key = order.key();
        long id;
        String before;
        try (PreparedStatement statement = Statements.prepare(
                        connection, OPEN, key.study(), key.destination(), order.rule(), order.priority());
                ResultSet row = statement.executeQuery()) {
            row.next();
            id = row.getLong(1);
            before = row.getString(2);
        }
        Added added = add(connection, id, order);
        if (added.queued() > 0) {
            if (Statements.update(connection, REOPEN, id) > 0) {
                event(connection, id, "reopened", added.queued() + " objects came after it was " + before);
            }
            announce(connection, id, key, order.priority(), order.delay());
        }
        if (!added.skipped().isEmpty()) {
            Statements.update(connection, SKIP, id);
            String note = added.skipped() + ": objects of it are not sent to " + key.destination()
                    + ", where they came from or have been; two archives must not forward to each other in a circle";
            if (Statements.update(connection, NOTE, note, id, note) > 0) {
                LOG.info(() -> "DOZO-FWD-003 Delivery " + id + ", rule " + order.rule() + ": " + note);
            }
        }
    }

    /** @param skipped why some are not to be sent; empty if there are none */
    private record Added(int queued, String skipped) {}

    private static Added add(Connection connection, long id, Order order) throws SQLException {
        List<Order.Target> targets = order.targets();
        int queued = 0;
        String skipped = "";
        try (PreparedStatement statement = Statements.prepare(
                        connection,
                        ADD,
                        id,
                        order.key().scope(),
                        order.delay().toMillis(),
                        MOST_ROUNDS,
                        MOST_ROUNDS,
                        targets.stream().map(Order.Target::instanceId).toArray(Long[]::new),
                        targets.stream().map(Order.Target::objectId).toArray(Long[]::new),
                        targets.stream().map(Order.Target::isBack).toArray(Boolean[]::new),
                        targets.stream().map(Order.Target::handledBy).toArray(String[]::new),
                        id);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                if (row.getString(1).equals("QUEUED")) {
                    queued++;
                } else {
                    skipped = row.getString(2);
                }
            }
        }
        return new Added(queued, skipped);
    }

    /** Announces the sending of what is queued in a scope. */
    void announce(Connection connection, long id, Order.Key key, int priority, Duration delay) throws SQLException {
        String payload =
                Json.createObjectBuilder().add("study", key.study()).build().toString();
        jobs.announce(
                connection,
                new NewJob(FORWARD_JOB, id + "/" + key.scope(), payload, priority)
                        .inLane(key.destination())
                        .delayed(delay));
    }

    /**
     * What a job is to send now.
     *
     * @param now the time of day, for the windows of rules
     */
    static Parcel parcel(Connection connection, Lease lease, LocalTime now) throws SQLException {
        int slash = lease.key().indexOf('/');
        long id = Long.parseLong(lease.key(), 0, slash, 10);
        String scope = lease.key().substring(slash + 1);
        lock(connection, List.of(id));
        Statements.update(connection, DROP_REPLACED, id, scope);
        Map<String, Rule> rules = rules(connection, id, scope);
        try (PreparedStatement statement = Statements.prepare(connection, DUE, id, scope);
                ResultSet row = statement.executeQuery()) {
            row.next();
            long next = row.getLong(1);
            boolean waiting = !row.wasNull();
            long last = row.getLong(2);
            if (row.getLong(3) == 0) {
                return new Parcel(lease, id, List.of(), Parcel.NEVER, "");
            }
            if (!scope.isEmpty() && last > 0) {
                // Quiet is what nothing has come to for so long.
                return new Parcel(lease, id, List.of(), Duration.ofMillis(last + 1), "");
            }
            boolean stat = lease.priority() >= NewJob.STAT;
            Wait wait = Wait.of(stat ? List.of() : rules.values(), now);
            List<Parcel.Item> items = items(connection, id, scope, wait.rules(), rules);
            if (items.size() == Parcel.MOST_ITEMS) {
                return new Parcel(lease, id, items, Duration.ZERO, wait.why());
            }
            Duration later = waiting ? Duration.ofMillis(Math.max(0, next) + 1) : Parcel.NEVER;
            if (!wait.isNone() && (!waiting || wait.opening().compareTo(later) < 0)) {
                later = wait.opening();
            }
            return new Parcel(lease, id, items, later, wait.why());
        }
    }

    /** Those whose options count for what is queued, by name. What one selected that was deleted is given up. */
    private static Map<String, Rule> rules(Connection connection, long id, String scope) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement statement = Statements.prepare(connection, RULES, id, scope);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        Map<String, Rule> rules = new TreeMap<>();
        for (String name : names) {
            RuleRegistry.get(connection, name).ifPresent(rule -> rules.put(name, rule));
        }
        names.removeAll(rules.keySet());
        if (!names.isEmpty()) {
            Statements.update(connection, GIVE_UP, id, scope, names.toArray(String[]::new));
        }
        return rules;
    }

    private static List<Parcel.Item> items(
            Connection connection, long id, String scope, List<String> without, Map<String, Rule> rules)
            throws SQLException {
        List<Parcel.Item> items = new ArrayList<>();
        try (PreparedStatement statement = Statements.prepare(
                        connection, ITEMS, id, scope, without.toArray(String[]::new), Parcel.MOST_ITEMS);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                items.add(new Parcel.Item(
                        id, row.getLong(1), row.getLong(2), Optional.ofNullable(rules.get(row.getString(3)))));
            }
        }
        return items;
    }

    /** The first object of these deliveries is about to be sent. */
    static void begin(Connection connection, List<Parcel> parcels) throws SQLException {
        Statements.update(connection, BEGIN, (Object)
                parcels.stream().map(Parcel::deliveryId).toArray(Long[]::new));
    }

    /** Before anything of these deliveries is written in this transaction. */
    static void lock(Connection connection, Collection<Long> deliveries) throws SQLException {
        try (PreparedStatement statement =
                Statements.prepare(connection, IN_ORDER, (Object) deliveries.toArray(Long[]::new))) {
            statement.executeQuery().close();
        }
    }

    static void record(Connection connection, List<Outcome> outcomes) throws SQLException {
        Statements.update(
                connection,
                RECORD,
                MOST_ATTEMPTS,
                outcomes.stream().map(each -> each.item().deliveryId()).toArray(Long[]::new),
                outcomes.stream().map(each -> each.item().instanceId()).toArray(Long[]::new),
                outcomes.stream().map(each -> each.item().objectId()).toArray(Long[]::new),
                outcomes.stream().map(Outcome::isSent).toArray(Boolean[]::new),
                outcomes.stream().map(Outcome::isAgain).toArray(Boolean[]::new),
                outcomes.stream().map(Outcome::status).toArray(Integer[]::new),
                outcomes.stream().map(each -> each.reason().replace('\0', ' ')).toArray(String[]::new),
                outcomes.stream()
                        .map(each -> each.sha256().map(Bytes::toString).orElse(null))
                        .toArray(String[]::new));
        for (Map.Entry<Long, Set<String>> coerced : coerced(outcomes).entrySet()) {
            for (String detail : coerced.getValue()) {
                Statements.update(connection, COERCED, coerced.getKey(), detail, coerced.getKey(), detail);
            }
        }
    }

    /** What is to be told of what was sent with other values, by delivery. */
    private static Map<Long, Set<String>> coerced(List<Outcome> outcomes) {
        Map<Long, Set<String>> coerced = new TreeMap<>();
        for (Outcome outcome : outcomes) {
            Rule rule = outcome.item().rule().orElse(null);
            if (outcome.isSent() && rule != null && !rule.handling().coercion().isNone()) {
                coerced.computeIfAbsent(outcome.item().deliveryId(), none -> new TreeSet<>())
                        .add("Objects of it were sent with other values, as rule " + rule.name() + " says, of: "
                                + rule.handling().coercion().names());
            }
        }
        return coerced;
    }

    /**
     * Draws the line under what is recorded: a delivery of which nothing is queued any more is sent, and its proof is asked for, or it has
     * failed.
     *
     * @return the state that it has now
     */
    DeliveryState settle(Connection connection, long id) throws SQLException {
        String destination;
        int priority;
        String before;
        try (PreparedStatement statement = Statements.prepare(connection, LOCK, id);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return DeliveryState.SKIPPED;
            }
            destination = row.getString(1);
            priority = row.getInt(2);
            before = row.getString(3);
        }
        try (PreparedStatement statement = Statements.prepare(connection, COUNT, id);
                ResultSet row = statement.executeQuery()) {
            row.next();
            long queued = row.getLong(1);
            long sent = row.getLong(2);
            long failed = row.getLong(3);
            if (queued > 0) {
                DeliveryState open = sent + failed > 0 ? DeliveryState.SENDING : DeliveryState.QUEUED;
                state(connection, id, open, "", "");
                return open;
            }
            if (failed > 0) {
                String error = failed + " of " + (sent + failed) + " objects were not taken, one of them because: "
                        + row.getString(4) + ". Mend that, then try again: POST /api/deliveries/retry";
                state(connection, id, DeliveryState.FAILED, "", error);
                event(connection, id, "failed", error);
                LOG.warning(() -> "DOZO-FWD-001 Delivery " + id + " to " + destination + " has failed: " + error);
                return DeliveryState.FAILED;
            }
            if (sent == 0) {
                state(connection, id, DeliveryState.SKIPPED, "", "");
                return DeliveryState.SKIPPED;
            }
            if (before.equals(DeliveryState.VERIFIED.name())) {
                return DeliveryState.VERIFIED;
            }
            if (!before.equals(DeliveryState.SENT.name())) {
                // Promises are of what it had before.
                CommitmentInquiry.forget(connection, id);
            }
            state(connection, id, DeliveryState.SENT, "", "");
            event(connection, id, "sent", sent + " of " + sent + " objects were acknowledged");
            jobs.announce(connection, new NewJob(PROOF_JOB, "" + id, "{}", priority).inLane(destination));
            return DeliveryState.SENT;
        }
    }

    static void state(Connection connection, long id, DeliveryState state, String proof, String error)
            throws SQLException {
        Statements.update(connection, STATE, state.name(), proof, error, id);
    }

    /** Nothing is being sent now: what has nothing to show for it is queued again, and not "sending" to a destination that is dead. */
    static void waits(Connection connection, long id) throws SQLException {
        Statements.update(connection, UNBEGUN, id);
    }

    /** What keeps a delivery back. */
    static void error(Connection connection, long id, String error) throws SQLException {
        Statements.update(connection, ERROR, error, id, error);
    }

    static void note(Connection connection, long id, String note) throws SQLException {
        Statements.update(connection, NOTE, note, id, note);
    }

    static void event(Connection connection, long id, String event, String detail) throws SQLException {
        Statements.update(connection, EVENT, id, event, detail);
    }
}
