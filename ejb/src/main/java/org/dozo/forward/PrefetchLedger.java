// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dozo.forward.rules.PrefetchBook;
import org.dozo.jobs.Jobs;
import org.dozo.jobs.NewJob;
import org.dozo.shared.Statements;

/** Writes which study has called which prefetch rule, once, always in the caller's transaction, which announces the job. */
@Singleton
public class PrefetchLedger {

    /** The kind of job that selects the priors; its key is the Study Instance UID, a slash, and the rule's name. */
    static final String PREFETCH_JOB = "prefetch";

    private static final String CALL = """
            INSERT INTO prefetch (study_instance_uid, rule, patient_fk)
            SELECT study.study_instance_uid, called.rule, study.patient_fk
            FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS called (study, rule, position)
            JOIN study ON study.study_instance_uid = called.study
            ORDER BY called.position ON CONFLICT (study_instance_uid, rule) DO NOTHING RETURNING study_instance_uid, rule""";

    private static final String ORDER = """
            INSERT INTO prefetch (study_instance_uid, rule, patient_fk, study_date, body_part)
            SELECT ?, called.rule, ?, ?::date, ? FROM unnest(?::text[]) AS called (rule)
            ON CONFLICT (study_instance_uid, rule) DO NOTHING RETURNING study_instance_uid, rule""";

    private static final String CALL_AGAIN = """
            INSERT INTO prefetch AS p (study_instance_uid, rule, patient_fk, again)
            SELECT study_instance_uid, ?, patient_fk, ? FROM study WHERE study_instance_uid = ?
            ON CONFLICT (study_instance_uid, rule) DO UPDATE SET again = p.again OR excluded.again""";

    private static final String DONE =
            "UPDATE prefetch SET again = false WHERE study_instance_uid = ? AND rule = ? AND again";

    private final PrefetchBook book;
    private final Jobs jobs;

    @Inject
    public PrefetchLedger(PrefetchBook book, Jobs jobs) {
        this.book = book;
        this.jobs = jobs;
    }

    /** For the rules that are enabled now. */
    PrefetchCalls calls() {
        return new PrefetchCalls(book.rules());
    }

    /** Studies have come, with these objects. What was called before is not called again. */
    void call(Connection connection, PrefetchCalls calls) throws SQLException {
        List<PrefetchCalls.Key> keys = calls.keys();
        if (keys.isEmpty()) {
            return;
        }
        announce(
                connection,
                calls,
                CALL,
                keys.stream().map(PrefetchCalls.Key::study).toArray(String[]::new),
                keys.stream().map(PrefetchCalls.Key::rule).toArray(String[]::new));
    }

    /**
     * A study is ordered that may come later.
     *
     * @param patient the row
     * @return how many rules are called that were not before
     */
    int order(Connection connection, PrefetchCalls calls, String study, long patient, LocalDate date, String bodyPart)
            throws SQLException {
        String[] rules = calls.keys().stream().map(PrefetchCalls.Key::rule).toArray(String[]::new);
        return announce(connection, calls, ORDER, study, patient, date, bodyPart, rules);
    }

    private int announce(Connection connection, PrefetchCalls calls, String sql, Object... values) throws SQLException {
        List<NewJob> called = new ArrayList<>();
        try (PreparedStatement statement = Statements.prepare(connection, sql, values);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                PrefetchCalls.Key key = new PrefetchCalls.Key(row.getString(1), row.getString(2));
                called.add(job(key, calls.priority(key)));
            }
        }
        jobs.announce(connection, called);
        return called.size();
    }

    private static NewJob job(PrefetchCalls.Key key, int priority) {
        return new NewJob(PREFETCH_JOB, key.jobKey(), "{}", priority);
    }

    /**
     * Somebody calls a rule for a study, whether it was called before or not.
     *
     * @param again whether what is there is to be sent again, too
     * @return whether there is such a study
     */
    boolean callAgain(Connection connection, PrefetchCalls.Key key, int priority, boolean again) throws SQLException {
        if (Statements.update(connection, CALL_AGAIN, key.rule(), again, key.study()) == 0) {
            return false;
        }
        jobs.announce(connection, job(key, priority));
        return true;
    }

    /** Whatever was to be sent again is queued. */
    static void done(Connection connection, PrefetchCalls.Key key) throws SQLException {
        Statements.update(connection, DONE, key.study(), key.rule());
    }

    /** Empty if the study or its patient is no more. */
    static Optional<PriorSearch.Subject> subject(Connection connection, PrefetchCalls.Key key) throws SQLException {
        return PriorSearch.subject(connection, PriorSearch.CALLED, key.study(), key.rule());
    }
}
