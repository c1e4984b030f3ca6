// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.access.Permission;
import org.dozo.settings.PullSettings;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.Statements;

/** What operators order, see and halt of migrations from other archives. */
@Singleton
public class MigrationService {

    /** Rows that one page has at most. */
    public static final int LONGEST_PAGE = 1000;

    private static final Logger LOG = Logger.getLogger(MigrationService.class.getName());

    private static final String LIST = """
            SELECT id, source, state, from_date, to_date, modality, studies_at_once, studies_per_hour, objects_per_second, hours,
                match_limit, priority, note, error, created_at, updated_at,
                (SELECT count(*) FROM migration_span WHERE migration_fk = id AND migration_span.state = 'OPEN'),
                (SELECT count(*) FROM migration_span WHERE migration_fk = id AND migration_span.state = 'CUT'),
                (SELECT coalesce(sum(held), 0) FROM migration_certificate WHERE migration_fk = id)
            FROM migration""";

    private static final String COUNTS =
            "SELECT state, count(*) FROM migration_study WHERE migration_fk = ? GROUP BY state";

    private static final String STUDIES = """
            SELECT study.study_instance_uid, study.state, study.attempts, coalesce(certificate.said, -1), coalesce(certificate.held, -1),
                study.error, study.updated_at
            FROM migration_study AS study LEFT JOIN migration_certificate AS certificate USING (migration_fk, study_instance_uid)
            WHERE migration_fk = ? AND (? = '' OR study.state = ?) AND study.study_instance_uid > ?
            ORDER BY study.study_instance_uid LIMIT ?""";

    private static final String CERTIFICATES = """
            SELECT study_instance_uid, complete, said, named, held, missing, missing_count, more_count, alternate_count,
                encode(digest, 'hex'), source, source_address, remark, issued_at
            FROM migration_certificate WHERE migration_fk = ?""";

    private static final String STATE =
            "UPDATE migration SET state = ?, updated_at = now() WHERE id = ? AND state = ANY (?)";

    private static final String AGAIN = """
            UPDATE migration_study SET state = 'QUEUED', attempts = 0, due_at = clock_timestamp(), updated_at = now()
            WHERE migration_fk = ? AND state = 'INCOMPLETE'""";

    private static final String SPANS_AGAIN =
            "UPDATE migration_span SET state = 'OPEN', attempts = 0 WHERE migration_fk = ? AND state = 'CUT'";

    private final Database database;
    private final PeerRegistry peers;
    private final MigrationLedger ledger;
    private final PullSettings settings;

    @Inject
    public MigrationService(Database database, PeerRegistry peers, MigrationLedger ledger, PullSettings settings) {
        this.database = database;
        this.peers = peers;
        this.ledger = ledger;
        this.settings = settings;
    }

    /**
     * Begins a migration.
     *
     * @throws FailureException {@link Failure#INVALID_RECORD} if the source is no peer, or may not store here
     */
    public Migration start(MigrationOrder order) throws SQLException {
        KnownPeer peer = peers.get(order.source())
                .orElseThrow(() -> new FailureException(
                        Failure.INVALID_RECORD,
                        "The source is not a known peer; add it with ./dozo peer add AET HOST PORT"));
        if (!peer.may(Permission.STORE)) {
            throw new FailureException(
                    Failure.INVALID_RECORD,
                    "The source " + peer.aeTitle() + " may not store here, and so could send nothing; allow it with"
                            + " ./dozo peer add, --allow store");
        }
        long id = database.<Long, SQLException>transaction(
                connection -> ledger.add(connection, order, settings.matchLimit()));
        LOG.info(() -> "DOZO-MIG-001 Migration " + id + " from " + order.source() + " has begun: "
                + (order.studies().isEmpty()
                        ? "a sweep of dates"
                        : order.studies().size() + " studies"));
        return get(id);
    }

    /**
     * All migrations, the latest first.
     *
     * @param before only those with a lower id; 0 for all
     * @param limit 1 to {@link #LONGEST_PAGE}
     */
    public List<Migration> list(long before, int limit) throws SQLException {
        requirePage(limit);
        return database.read(connection -> migrations(
                connection, LIST + " WHERE ? = 0 OR id < ? ORDER BY id DESC LIMIT ?", before, before, limit));
    }

    /** @throws FailureException {@link Failure#NOT_FOUND} */
    public Migration get(long id) throws SQLException {
        List<Migration> found = database.read(connection -> migrations(connection, LIST + " WHERE id = ?", id));
        if (found.isEmpty()) {
            throw unknown();
        }
        return found.getFirst();
    }

    private static List<Migration> migrations(Connection connection, String sql, Object... values) throws SQLException {
        List<Migration> found = new ArrayList<>();
        try (PreparedStatement statement = Statements.prepare(connection, sql, values);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(migration(row, counts(connection, row.getLong(1))));
            }
        }
        return found;
    }

    private static Map<StudyState, Long> counts(Connection connection, long id) throws SQLException {
        Map<StudyState, Long> counts = new EnumMap<>(StudyState.class);
        try (PreparedStatement statement = Statements.prepare(connection, COUNTS, id);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                counts.put(StudyState.valueOf(row.getString(1)), row.getLong(2));
            }
        }
        return counts;
    }

    private static Migration migration(ResultSet row, Map<StudyState, Long> counts) throws SQLException {
        return new Migration(
                row.getLong(1),
                row.getString(2),
                MigrationState.valueOf(row.getString(3)),
                row.getObject(4, LocalDate.class),
                row.getObject(5, LocalDate.class),
                row.getString(6),
                row.getInt(7),
                row.getInt(8),
                row.getInt(9),
                row.getString(10),
                row.getInt(11),
                row.getInt(12),
                row.getString(13),
                counts,
                row.getLong(17),
                row.getLong(18),
                row.getLong(19),
                row.getString(14),
                row.getObject(15, OffsetDateTime.class).toInstant(),
                row.getObject(16, OffsetDateTime.class).toInstant());
    }

    /**
     * A page of a migration's studies, by UID.
     *
     * @param state only those; empty for all
     * @param after the last UID of the page before; empty for the first page
     * @param limit 1 to {@link #LONGEST_PAGE}
     */
    public List<MigratedStudy> studies(long id, Optional<StudyState> state, String after, int limit)
            throws SQLException {
        requirePage(limit);
        get(id);
        String wanted = state.map(StudyState::name).orElse("");
        return database.read(connection -> {
            List<MigratedStudy> found = new ArrayList<>();
            try (PreparedStatement statement =
                            Statements.prepare(connection, STUDIES, id, wanted, wanted, after, limit);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new MigratedStudy(
                            row.getString(1),
                            StudyState.valueOf(row.getString(2)),
                            row.getInt(3),
                            row.getInt(4),
                            row.getInt(5),
                            row.getString(6),
                            row.getObject(7, OffsetDateTime.class).toInstant()));
                }
            }
            return found;
        });
    }

    /** A page of a migration's certificates, by Study Instance UID; as {@link #studies}. */
    public List<Certificate> certificates(long id, String after, int limit) throws SQLException {
        requirePage(limit);
        get(id);
        return database.read(connection -> certificates(
                connection,
                CERTIFICATES + " AND study_instance_uid > ? ORDER BY study_instance_uid LIMIT ?",
                id,
                after,
                limit));
    }

    /**
     * A certificate with every instance that the archive holds now, and whether these are still those certified.
     *
     * @throws FailureException {@link Failure#NOT_FOUND}
     */
    public Certificate.Full certificate(long id, String study) throws SQLException {
        return database.<Certificate.Full, SQLException>transaction(connection -> {
            List<Certificate> found = certificates(connection, CERTIFICATES + " AND study_instance_uid = ?", id, study);
            if (found.isEmpty()) {
                throw new FailureException(
                        Failure.NOT_FOUND,
                        "There is no such certificate: the migration has no such study, or has not tried it yet");
            }
            List<HeldInstance> held = MigrationLedger.held(connection, study);
            boolean isUnchanged =
                    Certificate.digest(held).equals(found.getFirst().digest());
            return new Certificate.Full(found.getFirst(), held, isUnchanged);
        });
    }

    private static List<Certificate> certificates(Connection connection, String sql, Object... values)
            throws SQLException {
        List<Certificate> found = new ArrayList<>();
        try (PreparedStatement statement = Statements.prepare(connection, sql, values);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(new Certificate(
                        row.getString(1),
                        row.getBoolean(2),
                        row.getInt(3),
                        row.getInt(4),
                        row.getInt(5),
                        Statements.texts(row, 6),
                        row.getInt(7),
                        row.getInt(8),
                        row.getInt(9),
                        row.getString(10),
                        row.getString(11),
                        row.getString(12),
                        row.getString(13),
                        row.getObject(14, OffsetDateTime.class).toInstant()));
            }
        }
        return found;
    }

    /** Nothing more is asked for; the study in hand is put back. */
    public Migration pause(long id) throws SQLException {
        return change(id, "paused", MigrationState.PAUSED, MigrationState.RUNNING);
    }

    /** Goes on where it was; one that runs is announced anew, as after a dead letter. */
    public Migration resume(long id) throws SQLException {
        return change(id, "resumed", MigrationState.RUNNING, MigrationState.PAUSED, MigrationState.RUNNING);
    }

    /** Ends it; what has come stays. */
    public Migration cancel(long id) throws SQLException {
        return change(id, "cancelled", MigrationState.CANCELLED, MigrationState.RUNNING, MigrationState.PAUSED);
    }

    /** Tries again the studies that are incomplete, and asks again for parts whose answers may have been cut. */
    public Migration retry(long id) throws SQLException {
        return change(id, "retried", MigrationState.RUNNING, MigrationState.RUNNING, MigrationState.DONE);
    }

    private Migration change(long id, String what, MigrationState to, MigrationState... from) throws SQLException {
        MigrationState before = get(id).state();
        database.<Boolean, SQLException>transaction(connection -> {
            if (to == MigrationState.RUNNING) {
                ledger.announce(
                        connection, id, MigrationLedger.terms(connection, id).orElseThrow());
            }
            String[] states = Arrays.stream(from).map(MigrationState::name).toArray(String[]::new);
            if (Statements.update(connection, STATE, to.name(), id, states) == 0) {
                throw new FailureException(
                        Failure.CONFLICT, "The migration is " + before.word() + " and can't be " + what + " now");
            }
            if (what.equals("retried")) {
                Statements.update(connection, AGAIN, id);
                Statements.update(connection, SPANS_AGAIN, id);
            }
            return true;
        });
        LOG.info(() -> "DOZO-MIG-002 An operator has " + what + " migration " + id);
        return get(id);
    }

    private static void requirePage(int limit) {
        if (limit < 1 || limit > LONGEST_PAGE) {
            throw new FailureException(
                    Failure.INVALID_RECORD, "A page of " + limit + " is not one of 1 to " + LONGEST_PAGE);
        }
    }

    private static FailureException unknown() {
        return new FailureException(Failure.NOT_FOUND, "There is no such migration; GET /api/migrations lists all");
    }
}
