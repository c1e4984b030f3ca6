// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.dozo.shared.Statements;

/**
 * Studies that are brought from another archive, by whatever feature. Their objects come in like all others, but are nothing new: who
 * acts on new studies asks here, so that bringing one never leads to bringing the next.
 */
public final class FetchedStudies {

    private static final String MARK =
            "INSERT INTO fetched_study (study_instance_uid) VALUES (?) ON CONFLICT (study_instance_uid) DO NOTHING";

    private static final String KNOWN =
            "SELECT study_instance_uid FROM fetched_study WHERE study_instance_uid = ANY (?)";

    private FetchedStudies() {}

    /** To be committed before the study is asked for. */
    public static void mark(Connection connection, String studyInstanceUid) throws SQLException {
        Statements.update(connection, MARK, studyInstanceUid);
    }

    /** Those of the studies that are or were brought. */
    public static Set<String> among(Connection connection, Collection<String> studyInstanceUids) throws SQLException {
        Set<String> found = new HashSet<>();
        try (PreparedStatement statement =
                        Statements.prepare(connection, KNOWN, (Object) studyInstanceUids.toArray(String[]::new));
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }
}
