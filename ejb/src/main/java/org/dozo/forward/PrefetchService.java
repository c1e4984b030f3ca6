// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.dozo.dicom.data.Tag;
import org.dozo.forward.rules.Facts;
import org.dozo.forward.rules.PrefetchRegistry;
import org.dozo.forward.rules.PrefetchRule;
import org.dozo.forward.rules.RuleTrial;
import org.dozo.forward.rules.StudyTrial;
import org.dozo.index.IndexText;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.Statements;

/** Has the priors of a patient brought to where they will be read: for orders, for operators, and in trials. */
@Singleton
public class PrefetchService {

    private static final String PATIENT =
            "SELECT id FROM patient WHERE patient_id = ? AND issuer = ? AND unidentified_study_uid = ''";

    private final Database database;
    private final PrefetchRegistry rules;
    private final PrefetchLedger ledger;
    private final RuleTrial trial;

    @Inject
    public PrefetchService(Database database, PrefetchRegistry rules, PrefetchLedger ledger, RuleTrial trial) {
        this.database = database;
        this.rules = rules;
        this.ledger = ledger;
        this.trial = trial;
    }

    /**
     * A study is ordered: the rules that fit what is known of it are called, in the caller's transaction. Its arrival does not call them
     * once more.
     *
     * @param study the Study Instance UID that it will have
     * @param patientId not empty
     * @param issuer of the Patient ID; empty for none
     * @param order what is known, named as in an object: Modality, Body Part Examined, Requested Procedure Priority and so on
     * @return how many rules are called that were not called for this study before; none if the patient has no studies
     */
    public int ordered(Connection connection, String study, String patientId, String issuer, Facts order)
            throws SQLException {
        OptionalLong patient = patient(connection, patientId, issuer);
        PrefetchCalls calls = ledger.calls();
        calls.look(order, study);
        if (patient.isEmpty() || calls.keys().isEmpty()) {
            return 0;
        }
        String bodyPart =
                order.values(Tag.BODY_PART_EXAMINED).stream().findFirst().orElse("");
        return ledger.order(
                connection,
                calls,
                study,
                patient.getAsLong(),
                order.studyDate().orElse(order.today()),
                IndexText.of(bodyPart).toUpperCase(Locale.ROOT));
    }

    private static OptionalLong patient(Connection connection, String patientId, String issuer) throws SQLException {
        try (PreparedStatement statement =
                        Statements.prepare(connection, PATIENT, IndexText.of(patientId), IndexText.of(issuer));
                ResultSet row = statement.executeQuery()) {
            return row.next() && !patientId.isEmpty() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
    }

    /**
     * Calls a rule for a study by hand, enabled or not, whether it was called before or not, and whether or not the study fits it.
     *
     * @param rule its name
     * @param again whether what is at a destination already, verified, is to be sent once more
     * @throws FailureException {@link Failure#NOT_FOUND} if there is no such rule or study
     */
    public void run(String rule, String study, boolean again) throws SQLException {
        PrefetchRule called = rules.get(rule)
                .orElseThrow(() -> new FailureException(
                        Failure.NOT_FOUND, "There is no such prefetch rule; GET /api/prefetch lists all"));
        boolean known = database.<Boolean, SQLException>transaction(connection ->
                ledger.callAgain(connection, new PrefetchCalls.Key(study, called.name()), called.priority(), again));
        if (!known) {
            throw unknownStudy();
        }
    }

    /**
     * What a rule would do for a study as it is now, and why it would not send the others. Changes nothing.
     *
     * @throws FailureException {@link Failure#NOT_FOUND} if there is no such study
     */
    public PrefetchTrial test(PrefetchRule rule, String study) throws SQLException {
        StudyTrial condition = trial.onStudy(rule.condition(), study);
        return database.read(connection -> {
            PriorSearch.Subject subject = PriorSearch.subject(connection, PriorSearch.FILED, study)
                    .orElseThrow(PrefetchService::unknownStudy);
            PriorSearch.Found found = PriorSearch.priors(connection, subject, rule.priors());
            Set<Order.Key> there = PriorSearch.there(connection, found.selected(), rule.destinations());
            List<PrefetchTrial.Verdict> verdicts = new ArrayList<>();
            for (PriorSearch.Prior prior : found.priors()) {
                Set<String> destinations = there.stream()
                        .filter(key -> key.study().equals(prior.study()))
                        .map(Order.Key::destination)
                        .collect(Collectors.toSet());
                verdicts.add(new PrefetchTrial.Verdict(prior.study(), prior.whyNot(), destinations));
            }
            return new PrefetchTrial(condition, verdicts, found.complete());
        });
    }

    private static FailureException unknownStudy() {
        return new FailureException(Failure.NOT_FOUND, "There is no study with this Study Instance UID");
    }
}
