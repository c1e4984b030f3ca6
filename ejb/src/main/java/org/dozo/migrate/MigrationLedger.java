// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import org.dozo.jobs.Jobs;
import org.dozo.jobs.NewJob;
import org.dozo.jobs.Window;
import org.dozo.shared.Database;
import org.dozo.shared.Statements;

/**
 * Writes the account of migrations, in the caller's transaction.
 *
 * <p><em>Pitfalls:</em> who locks jobs and a migration's row in one transaction locks the jobs first; otherwise two may wait for each
 * other.
 */
@Singleton
public class MigrationLedger {

    /** The kind of job that asks the source for studies; its key is the migration's id. */
    static final String SWEEP_JOB = "migration-sweep";

    /** The kind of job that brings studies, one after the other; its key is the migration's id, a slash, and the slot. */
    static final String PULL_JOB = "migration-pull";

    private static final Logger LOG = Logger.getLogger(MigrationLedger.class.getName());

    /** Parts that a sweep begins with, at most: each is a question, and is halved if need be. */
    private static final int MOST_FIRST_SPANS = 500;

    private static final long MILLIS_PER_HOUR = 3_600_000;

    private static final String ADD = """
            INSERT INTO migration (source, from_date, to_date, modality, studies_at_once, studies_per_hour, objects_per_second, hours,
                match_limit, priority, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""";

    private static final String ADD_SPANS = """
            INSERT INTO migration_span (migration_fk, from_date, to_date)
            SELECT ?, begun::date, least(begun::date + ? - 1, ?) FROM generate_series(?::date, ?::date, ? * interval '1 day') AS begun""";

    private static final String ADD_STUDIES = """
            INSERT INTO migration_study (migration_fk, study_instance_uid) SELECT ?, uid FROM unnest(?::text[]) AS found (uid)
            ON CONFLICT (migration_fk, study_instance_uid) DO NOTHING""";

    private static final String STATE = "SELECT state FROM migration WHERE id = ?";

    private static final String TERMS = """
            SELECT source, state, modality, studies_at_once, studies_per_hour, objects_per_second, hours, match_limit, priority
            FROM migration WHERE id = ?""";

    /** The same attempt: the study is not to blame for the node. What kills every node is bounded by the job's attempts. */
    private static final String MINE = """
            SELECT study_instance_uid, attempts FROM migration_study
            WHERE migration_fk = ? AND slot = ? AND state = 'PULLING'""";

    private static final String TAKE = """
            UPDATE migration_study SET state = 'PULLING', slot = ?, attempts = attempts + 1, updated_at = now()
            WHERE migration_fk = ? AND study_instance_uid = (
                SELECT study_instance_uid FROM migration_study
                WHERE migration_fk = ? AND state = 'QUEUED' AND due_at <= clock_timestamp()
                ORDER BY due_at, study_instance_uid LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING study_instance_uid, attempts""";

    /** Whether one more may begin in this hour, if one is due: its turn is taken in the same breath, so that no two slots have it. */
    private static final String TICK = """
            UPDATE migration SET next_study_at = clock_timestamp() + ? * interval '1 millisecond'
            WHERE id = ? AND next_study_at <= clock_timestamp() AND EXISTS (
                SELECT FROM migration_study WHERE migration_fk = ? AND state = 'QUEUED' AND due_at <= clock_timestamp())""";

    /** Milliseconds until the next study may begin; no row for none. */
    private static final String DUE = """
            SELECT extract(epoch FROM greatest(due_at, next_study_at) - clock_timestamp()) * 1000
            FROM migration_study JOIN migration ON migration.id = migration_fk
            WHERE migration_fk = ? AND migration_study.state = 'QUEUED' ORDER BY due_at LIMIT 1""";

    private static final String GIVE_BACK = """
            UPDATE migration_study SET state = 'QUEUED', slot = NULL, attempts = attempts - 1, updated_at = now()
            WHERE migration_fk = ? AND slot = ? AND state = 'PULLING'""";

    private static final String END = """
            UPDATE migration_study SET state = ?, slot = NULL, error = ?, updated_at = now(),
                due_at = clock_timestamp() + ? * interval '1 millisecond'
            WHERE migration_fk = ? AND study_instance_uid = ?""";

    private static final String CERTIFY = """
            INSERT INTO migration_certificate (migration_fk, study_instance_uid, complete, said, named, held, missing_count, missing,
                more_count, alternate_count, digest, source, source_address, remark, issued_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, decode(?, 'hex'), ?, ?, ?, clock_timestamp())
            ON CONFLICT (migration_fk, study_instance_uid) DO UPDATE SET complete = excluded.complete, said = excluded.said,
                named = excluded.named, held = excluded.held, missing_count = excluded.missing_count, missing = excluded.missing,
                more_count = excluded.more_count, alternate_count = excluded.alternate_count, digest = excluded.digest,
                source = excluded.source, source_address = excluded.source_address, remark = excluded.remark,
                issued_at = excluded.issued_at""";

    private static final String HELD = """
            SELECT instance.sop_instance_uid, current.data_set_sha256,
                (SELECT count(*) FROM stored_object WHERE instance_fk = instance.id AND state = 'ALTERNATE')
            FROM study JOIN series ON series.study_fk = study.id JOIN instance ON instance.series_fk = series.id
            JOIN stored_object AS current ON current.instance_fk = instance.id AND current.state = 'CURRENT'
            WHERE study.study_instance_uid = ? ORDER BY instance.sop_instance_uid""";

    private static final String NEXT_SPAN = """
            SELECT from_date, to_date, from_second, to_second, attempts FROM migration_span
            WHERE migration_fk = ? AND state = 'OPEN' ORDER BY from_date, from_second LIMIT 1""";

    private static final String END_SPAN = """
            UPDATE migration_span SET state = ?, found = ?, reason = ?
            WHERE migration_fk = ? AND from_date = ? AND to_date = ? AND from_second = ?""";

    private static final String FAIL_SPAN = """
            UPDATE migration_span SET attempts = attempts + 1
            WHERE migration_fk = ? AND from_date = ? AND to_date = ? AND from_second = ?""";

    private static final String DROP_SPAN =
            "DELETE FROM migration_span WHERE migration_fk = ? AND from_date = ? AND to_date = ? AND from_second = ?";

    private static final String ADD_SPAN = """
            INSERT INTO migration_span (migration_fk, from_date, to_date, from_second, to_second) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (migration_fk, from_date, to_date, from_second)
                DO UPDATE SET state = 'OPEN', to_second = excluded.to_second, attempts = 0""";

    private static final String ERROR =
            "UPDATE migration SET error = ?, updated_at = now() WHERE id = ? AND error <> ?";

    private static final String LOCK = "SELECT state FROM migration WHERE id = ? FOR UPDATE";

    private static final String FINISH = """
            UPDATE migration SET state = 'DONE', error = '', updated_at = now() WHERE id = ? AND state = 'RUNNING'
                AND NOT EXISTS (SELECT FROM migration_span WHERE migration_fk = id AND state = 'OPEN')
                AND NOT EXISTS (SELECT FROM migration_study WHERE migration_fk = id AND state IN ('QUEUED', 'PULLING'))
            RETURNING
                (SELECT count(*) FROM migration_study WHERE migration_fk = id AND state = 'COMPLETE'),
                (SELECT count(*) FROM migration_study WHERE migration_fk = id AND state = 'INCOMPLETE'),
                (SELECT count(*) FROM migration_span WHERE migration_fk = id AND state = 'CUT')""";

    private final Database database;
    private final Jobs jobs;

    @Inject
    public MigrationLedger(Database database, Jobs jobs) {
        this.database = database;
        this.jobs = jobs;
    }

    /** What a job must know of its migration. */
    record Terms(
            String source,
            MigrationState state,
            String modality,
            int studiesAtOnce,
            int studiesPerHour,
            int objectsPerSecond,
            String hours,
            int matchLimit,
            int priority) {

        boolean isOpenAt(LocalTime time) {
            return hours.isEmpty() || Window.parse(hours).contains(time);
        }
    }

    /** One part of the dates swept; of a single day it may be a part, in seconds since midnight, ends included. */
    record Span(LocalDate from, LocalDate to, int fromSecond, int toSecond, int attempts) {}

    /** @param matchLimit for an order that has none */
    long add(Connection connection, MigrationOrder order, int matchLimit) throws SQLException {
        LocalDate from = order.sweep().map(MigrationOrder.Sweep::from).orElse(null);
        LocalDate to = order.sweep().map(MigrationOrder.Sweep::to).orElse(null);
        long id;
        try (PreparedStatement statement = Statements.prepare(
                        connection,
                        ADD,
                        order.source(),
                        from,
                        to,
                        order.modality(),
                        order.studiesAtOnce(),
                        order.studiesPerHour(),
                        order.objectsPerSecond(),
                        order.hours(),
                        order.matchLimit() == 0 ? matchLimit : order.matchLimit(),
                        order.priority(),
                        order.note());
                ResultSet row = statement.executeQuery()) {
            row.next();
            id = row.getLong(1);
        }
        if (from != null && to != null) {
            int days = (int) ((to.toEpochDay() - from.toEpochDay()) / MOST_FIRST_SPANS) + 1;
            Statements.update(connection, ADD_SPANS, id, days, to, from, to, days);
        } else {
            addStudies(connection, id, order.studies());
        }
        announce(connection, id, terms(connection, id).orElseThrow());
        return id;
    }

    static int addStudies(Connection connection, long id, List<String> studies) throws SQLException {
        return Statements.update(connection, ADD_STUDIES, id, studies.toArray(String[]::new));
    }

    /** Has everything that is open done, by as many slots as there may be. */
    void announce(Connection connection, long id, Terms terms) throws SQLException {
        List<NewJob> all = new ArrayList<>(pulls(id, terms));
        all.add(new NewJob(SWEEP_JOB, "" + id, "{}", terms.priority()).inLane(terms.source()));
        jobs.announce(connection, all);
    }

    /** Has studies pulled that were found. */
    void announcePulls(Connection connection, long id, Terms terms) throws SQLException {
        jobs.announce(connection, pulls(id, terms));
    }

    private static List<NewJob> pulls(long id, Terms terms) {
        List<NewJob> pulls = new ArrayList<>();
        for (int slot = 1; slot <= terms.studiesAtOnce(); slot++) {
            pulls.add(new NewJob(PULL_JOB, id + "/" + slot, "{}", terms.priority()).inLane(terms.source()));
        }
        return pulls;
    }

    static Optional<Terms> terms(Connection connection, long id) throws SQLException {
        try (PreparedStatement statement = Statements.prepare(connection, TERMS, id);
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? Optional.of(new Terms(
                            row.getString(1),
                            MigrationState.valueOf(row.getString(2)),
                            row.getString(3),
                            row.getInt(4),
                            row.getInt(5),
                            row.getInt(6),
                            row.getString(7),
                            row.getInt(8),
                            row.getInt(9)))
                    : Optional.empty();
        }
    }

    boolean isRunning(long id) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement = Statements.prepare(connection, STATE, id);
                    ResultSet row = statement.executeQuery()) {
                return row.next() && row.getString(1).equals("RUNNING");
            }
        });
    }

    /** The study that a slot was at when its node died, or the next that may begin. */
    static Optional<PullTask> take(Connection connection, long id, int slot, Terms terms) throws SQLException {
        Optional<PullTask> task = task(Statements.prepare(connection, MINE, id, slot), id, slot, terms);
        if (task.isPresent() || !mayBegin(connection, id, terms.studiesPerHour())) {
            return task;
        }
        return task(Statements.prepare(connection, TAKE, slot, id, id), id, slot, terms);
    }

    private static boolean mayBegin(Connection connection, long id, int studiesPerHour) throws SQLException {
        return studiesPerHour == 0 || Statements.update(connection, TICK, MILLIS_PER_HOUR / studiesPerHour, id, id) > 0;
    }

    private static Optional<PullTask> task(PreparedStatement prepared, long id, int slot, Terms terms)
            throws SQLException {
        try (PreparedStatement statement = prepared;
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? Optional.of(new PullTask(
                            id,
                            slot,
                            terms.source(),
                            row.getString(1),
                            row.getInt(2),
                            terms.modality(),
                            (double) terms.objectsPerSecond() / terms.studiesAtOnce()))
                    : Optional.empty();
        }
    }

    /** Until a queued study may begin; empty if none is queued. */
    static Optional<Duration> due(Connection connection, long id) throws SQLException {
        try (PreparedStatement statement = Statements.prepare(connection, DUE, id);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(Duration.ofMillis(Math.max(0, row.getLong(1)) + 1)) : Optional.empty();
        }
    }

    /** The slot's study is queued as if it had not been taken. */
    static void giveBack(Connection connection, long id, int slot) throws SQLException {
        Statements.update(connection, GIVE_BACK, id, slot);
    }

    /** @param delay before it is due again, if it is queued */
    static void end(Connection connection, PullTask task, StudyState state, String error, Duration delay)
            throws SQLException {
        Statements.update(connection, END, state.name(), error, delay.toMillis(), task.migrationId(), task.study());
    }

    static void certify(Connection connection, long id, Certificate certificate) throws SQLException {
        Statements.update(
                connection,
                CERTIFY,
                id,
                certificate.study(),
                certificate.complete(),
                certificate.said(),
                certificate.named(),
                certificate.held(),
                certificate.missingCount(),
                certificate.missing().toArray(String[]::new),
                certificate.more(),
                certificate.alternates(),
                certificate.digest(),
                certificate.source(),
                certificate.sourceAddress(),
                certificate.remark());
    }

    /** What the archive shows of a study, in the order of UIDs. */
    static List<HeldInstance> held(Connection connection, String study) throws SQLException {
        List<HeldInstance> held = new ArrayList<>();
        try (PreparedStatement statement = Statements.prepare(connection, HELD, study);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                held.add(new HeldInstance(row.getString(1), HexFormat.of().formatHex(row.getBytes(2)), row.getInt(3)));
            }
        }
        return held;
    }

    static Optional<Span> nextSpan(Connection connection, long id) throws SQLException {
        try (PreparedStatement statement = Statements.prepare(connection, NEXT_SPAN, id);
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? Optional.of(new Span(
                            row.getObject(1, LocalDate.class),
                            row.getObject(2, LocalDate.class),
                            row.getInt(3),
                            row.getInt(4),
                            row.getInt(5)))
                    : Optional.empty();
        }
    }

    /** @param cut why studies of it may be missing; empty for a whole answer */
    static void endSpan(Connection connection, long id, Span span, int found, String cut) throws SQLException {
        Statements.update(
                connection,
                END_SPAN,
                cut.isEmpty() ? "DONE" : "CUT",
                found,
                cut,
                id,
                span.from(),
                span.to(),
                span.fromSecond());
    }

    static void failSpan(Connection connection, long id, Span span) throws SQLException {
        Statements.update(connection, FAIL_SPAN, id, span.from(), span.to(), span.fromSecond());
    }

    static void replaceSpan(Connection connection, long id, Span span, List<Span> parts) throws SQLException {
        Statements.update(connection, DROP_SPAN, id, span.from(), span.to(), span.fromSecond());
        for (Span part : parts) {
            Statements.update(connection, ADD_SPAN, id, part.from(), part.to(), part.fromSecond(), part.toSecond());
        }
    }

    /** @return whether it was not said before */
    static boolean error(Connection connection, long id, String error) throws SQLException {
        return Statements.update(connection, ERROR, error, id, error) > 0;
    }

    /**
     * Ends a migration of which nothing is open. To be called in a transaction of its own: of two that
     * end their last studies at the same time, the later one sees both.
     */
    void finish(long id) throws SQLException {
        database.<Boolean, SQLException>transaction(connection -> {
            try (PreparedStatement lock = Statements.prepare(connection, LOCK, id)) {
                lock.executeQuery().close();
            }
            try (PreparedStatement statement = Statements.prepare(connection, FINISH, id);
                    ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
                String outcome = "DOZO-MIG-003 Migration " + id + " is done: " + row.getLong(1) + " studies complete, "
                        + row.getLong(2) + " incomplete, " + row.getLong(3)
                        + " parts of its dates that may hold more; see /api/migrations/" + id + "/certificates";
                database.afterCommit(() -> LOG.info(outcome));
                return true;
            }
        });
    }
}
