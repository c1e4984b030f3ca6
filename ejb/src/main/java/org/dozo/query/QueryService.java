// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.dozo.dicom.Matches;
import org.dozo.settings.QuerySettings;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** Answers queries. C-FIND and QIDO-RS end here, and get the same matches for the same keys. */
@Singleton
public class QueryService {

    /** The server gave up a statement: statement_timeout. */
    private static final String QUERY_CANCELED = "57014";

    private final Database database;
    private final QuerySettings settings;

    @Inject
    public QueryService(Database database, QuerySettings settings) {
        this.database = database;
        this.settings = settings;
    }

    /**
     * Hands every match to {@code matches} as it is found. Each is a data set in UTF-8 ({@code ISO_IR 192}) that holds the keys asked
     * for, those without a value empty, and nothing of the door's own (no Query/Retrieve Level, no Retrieve AE Title).
     *
     * @throws FailureException {@link Failure#BAD_IDENTIFIER} if a key has a value that its VR does not allow;
     *     {@link Failure#QUERY_TOO_BROAD} if there are more matches than the node gives and no limit was asked for, or the search took
     *     too long; {@link Failure#DATABASE_UNAVAILABLE}
     * @throws IOException of {@code matches}
     */
    public QueryOutcome find(StudyQuery query, Matches matches) throws IOException {
        try {
            return new Search(database, settings, query).run(matches);
        } catch (SQLException e) {
            if (QUERY_CANCELED.equals(e.getSQLState())) {
                throw new FailureException(
                        Failure.QUERY_TOO_BROAD,
                        "The search took longer than database.statement-timeout: give narrower keys",
                        e);
            }
            // The database's own words may hold the values that it refused, hence its state only.
            throw new FailureException(Failure.of(e), "The search failed: the database answered " + e.getSQLState(), e);
        }
    }

    /**
     * Checks a query without running it.
     *
     * @return tags of keys that have a value and will not be matched on
     * @throws FailureException {@link Failure#BAD_IDENTIFIER}, as {@link #find}
     */
    public List<Integer> unsupportedKeys(StudyQuery query) {
        return List.copyOf(
                QueryPlan.of(query, QueryZone.of(query, settings.timezone())).unsupported());
    }
}
