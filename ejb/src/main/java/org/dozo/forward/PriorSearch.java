// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.dozo.forward.rules.PriorsWanted;
import org.dozo.shared.Statements;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the earlier studies of a study's patient: the newest first, without a date last. A patient is a row: who has the same Patient
 * ID of the same issuer. At most {@value #MOST_STUDIES} are looked at, whatever the patient has.
 */
final class PriorSearch {

    /** Those that are later than the study are the last that are looked at. */
    static final int MOST_STUDIES = 1000;

    /** Of a study that has called a rule; the index knows it better than an order does. */
    static final String CALLED = """
            SELECT p.study_instance_uid, coalesce(study.patient_fk, p.patient_fk), coalesce(study.study_date, p.study_date),
                ARRAY (SELECT body_part FROM series WHERE study_fk = study.id UNION SELECT p.body_part), p.again
            FROM prefetch AS p LEFT JOIN study ON study.study_instance_uid = p.study_instance_uid
            WHERE p.study_instance_uid = ? AND p.rule = ?""";

    /** Of any study of the index. */
    static final String FILED = """
            SELECT study_instance_uid, patient_fk, study_date,
                ARRAY (SELECT DISTINCT body_part FROM series WHERE study_fk = study.id), false
            FROM study WHERE study_instance_uid = ?""";

    private static final String PRIORS = """
            SELECT study_instance_uid, study_date, is_later,
                ARRAY (SELECT DISTINCT modality FROM series WHERE study_fk = prior.id),
                ARRAY (SELECT DISTINCT body_part FROM series WHERE study_fk = prior.id),
                EXISTS (SELECT 1 FROM series JOIN instance ON instance.series_fk = series.id
                    JOIN stored_object AS object ON object.instance_fk = instance.id AND object.state = 'CURRENT'
                    WHERE series.study_fk = prior.id)
            FROM (SELECT *, coalesce(study_date > ?::date, false) AS is_later FROM study
                WHERE patient_fk = ? AND study_instance_uid <> ?
                ORDER BY is_later, study_date DESC NULLS LAST, study_time DESC NULLS LAST, id DESC LIMIT ?) AS prior
            ORDER BY is_later, study_date DESC NULLS LAST, study_time DESC NULLS LAST, id DESC""";

    /** Verified, and of all that the archive has of it now. */
    private static final String THERE = """
            SELECT study_instance_uid, destination FROM delivery
            WHERE study_instance_uid = ANY (?) AND destination = ANY (?) AND state = 'VERIFIED' AND NOT EXISTS (
                SELECT 1 FROM study JOIN series ON series.study_fk = study.id JOIN instance ON instance.series_fk = series.id
                JOIN stored_object AS object ON object.instance_fk = instance.id AND object.state = 'CURRENT'
                LEFT JOIN delivery_item AS item ON item.delivery_fk = delivery.id AND item.instance_fk = instance.id
                    AND item.object_fk = object.id AND item.state IN ('SENT', 'SKIPPED')
                WHERE study.study_instance_uid = delivery.study_instance_uid AND item.delivery_fk IS NULL)""";

    private PriorSearch() {}

    /**
     * The study whose priors are looked for.
     *
     * @param patient the row
     * @param date of the study; today if it has none
     * @param bodyParts in capitals
     * @param again whether priors are sent that are there already
     */
    record Subject(String study, long patient, LocalDate date, Set<String> bodyParts, boolean again) {}

    /** @param whyNot why it is not sent, without a patient's data; empty if it is */
    record Prior(String study, String whyNot) {}

    /** @param complete whether all studies of the patient were looked at */
    record Found(List<Prior> priors, boolean complete) {

        /** The newest first. */
        List<String> selected() {
            return priors.stream()
                    .filter(prior -> prior.whyNot().isEmpty())
                    .map(Prior::study)
                    .toList();
        }
    }

    /**
     * @param sql {@link #CALLED} or {@link #FILED}
     * @return empty if there is no such study
     */
    static Optional<Subject> subject(Connection connection, String sql, Object... key) throws SQLException {
        try (PreparedStatement statement = Statements.prepare(connection, sql, key);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            LocalDate date = row.getObject(3, LocalDate.class);
            return Optional.of(new Subject(
                    row.getString(1),
                    row.getLong(2),
                    date == null ? LocalDate.now(ZoneId.systemDefault()) : date,
                    words(row, 4),
                    row.getBoolean(5)));
        }
    }

    /** Every study of the patient but this one, and whether it is a prior that is wanted. */
    static Found priors(Connection connection, Subject subject, PriorsWanted wanted) throws SQLException {
        List<Prior> priors = new ArrayList<>();
        int selected = 0;
        int seen = 0;
        try (PreparedStatement statement = Statements.prepare(
                        connection, PRIORS, subject.date(), subject.patient(), subject.study(), MOST_STUDIES + 1);
                ResultSet row = statement.executeQuery()) {
            while (row.next() && seen++ < MOST_STUDIES) {
                String whyNot = whyNot(row, subject, wanted);
                if (whyNot.isEmpty() && selected == wanted.count()) {
                    whyNot = "there are " + selected + " newer ones, and no more are wanted";
                }
                selected += whyNot.isEmpty() ? 1 : 0;
                priors.add(new Prior(row.getString(1), whyNot));
            }
        }
        return new Found(priors, seen <= MOST_STUDIES);
    }

    private static String whyNot(ResultSet row, Subject subject, PriorsWanted wanted) throws SQLException {
        if (row.getBoolean(3)) {
            return "it is later than the study";
        }
        String age = whyTooOld(row.getObject(2, LocalDate.class), subject, wanted);
        if (!age.isEmpty()) {
            return age;
        }
        if (!wanted.modalities().isEmpty() && Collections.disjoint(words(row, 4), wanted.modalities())) {
            return "it has no series of " + String.join(", ", wanted.modalities());
        }
        boolean any = !wanted.sameBodyPart() || subject.bodyParts().isEmpty();
        if (!any && Collections.disjoint(words(row, 5), subject.bodyParts())) {
            return "it has no series of the same body part";
        }
        return row.getBoolean(6) ? "" : "the archive has no object of it";
    }

    private static String whyTooOld(@Nullable LocalDate date, Subject subject, PriorsWanted wanted) {
        if (wanted.maxAgeMonths() == 0) {
            return "";
        }
        if (date == null) {
            return "it has no study date, so nobody knows its age";
        }
        boolean old = date.isBefore(subject.date().minusMonths(wanted.maxAgeMonths()));
        return old ? "it is more than " + wanted.maxAgeMonths() + " months older than the study" : "";
    }

    /** In capitals, without empty ones. */
    private static Set<String> words(ResultSet row, int column) throws SQLException {
        return Statements.texts(row, column).stream()
                .map(PriorSearch::capitals)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toSet());
    }

    /** As a CS is compared: PS3.5, 6.2. */
    private static String capitals(String word) {
        return word.strip().toUpperCase(Locale.ROOT);
    }

    /** Which of these studies are verified, whole, at which of these destinations. */
    static Set<Order.Key> there(Connection connection, List<String> studies, List<String> destinations)
            throws SQLException {
        Set<Order.Key> there = new HashSet<>();
        try (PreparedStatement statement = Statements.prepare(
                        connection, THERE, studies.toArray(String[]::new), destinations.toArray(String[]::new));
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                there.add(new Order.Key(row.getString(1), row.getString(2), ""));
            }
        }
        return there;
    }
}
