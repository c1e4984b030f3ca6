// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import org.dozo.dicom.Matches;
import org.dozo.shared.Database;

/** Answers queries. C-FIND and QIDO-RS end here, and get the same matches for the same keys. */
@Singleton
public class QueryService {

    private final Database database;

    @Inject
    public QueryService(Database database) {
        this.database = database;
    }

    /**
     * Hands every match to {@code matches} as it is found. Each is a data set in UTF-8 ({@code ISO_IR 192}) that holds the keys asked
     * for, those without a value empty, and nothing of the door's own (no Query/Retrieve Level, no Retrieve AE Title).
     *
     * @throws org.dozo.shared.FailureException {@code BAD_IDENTIFIER} if a key has a value that its VR does not allow;
     *     {@code QUERY_TOO_BROAD} if there are more matches than the node gives, or the search took too long;
     *     {@code DATABASE_UNAVAILABLE}
     * @throws IOException of {@code matches}
     */
    public QueryOutcome find(StudyQuery query, Matches matches) throws IOException {
        throw new UnsupportedOperationException(database + " " + query + " " + matches);
    }

    /**
     * Checks a query without running it.
     *
     * @return tags of keys that have a value and will not be matched on
     * @throws org.dozo.shared.FailureException as {@link #find}
     */
    public List<Integer> unsupportedKeys(StudyQuery query) {
        throw new UnsupportedOperationException(query.toString());
    }
}
