// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.dozo.shared.Database;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows, a page at a time: each page is one short statement, so that a slow reader holds no connection, and begins behind the last
 * row of the one before, so that nothing is given twice or left out while data arrives.
 */
final class StudyFinder {

    /**
     * One match.
     *
     * @param position where it stands in the order
     * @param values by tag; without those that are null
     * @param instance whose header speaks for it; 0 if there is none or none was asked for
     */
    record Row(List<String> position, Map<Integer, String> values, long instance) {}

    private final Database database;
    private final QueryPlan plan;
    private final List<IndexedAttribute> columns;
    private final boolean withHeader;

    StudyFinder(Database database, QueryPlan plan, List<IndexedAttribute> columns, boolean withHeader) {
        this.database = database;
        this.plan = plan;
        this.columns = columns;
        this.withHeader = withHeader;
    }

    /**
     * @param after where the page before ended; null for the first
     * @param offset rows to leave out; only for the first page
     */
    List<Row> page(@Nullable Row after, long offset, int limit) throws SQLException {
        SqlConditions keyset = new SqlConditions();
        if (after != null) {
            addKeyset(keyset, after.position());
        }
        String sql = sql(keyset);
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                int next = SqlConditions.bind(statement, 1, plan.conditions().parameters());
                next = SqlConditions.bind(statement, next, keyset.parameters());
                statement.setInt(next++, limit);
                statement.setLong(next, offset);
                try (ResultSet rows = statement.executeQuery()) {
                    List<Row> page = new ArrayList<>();
                    while (rows.next()) {
                        page.add(row(rows));
                    }
                    return page;
                }
            }
        });
    }

    private Row row(ResultSet rows) throws SQLException {
        int column = 1;
        long instance = rows.getLong(column++);
        List<String> position = new ArrayList<>();
        for (int i = 0; i <= plan.order().size(); i++) {
            position.add(rows.getString(column++));
        }
        Map<Integer, String> values = HashMap.newHashMap(columns.size());
        for (IndexedAttribute attribute : columns) {
            String value = rows.getString(column++);
            if (value != null) {
                values.put(attribute.tag(), value);
            }
        }
        return new Row(position, values, instance);
    }

    // --- SQL

    private String sql(SqlConditions keyset) {
        StringJoiner select = new StringJoiner(",\n  ", "SELECT ", "\n");
        select.add(withHeader ? instance() : "0");
        plan.order().forEach(step -> select.add(step.attribute().order() + "::text"));
        select.add(id() + "::text");
        columns.forEach(attribute -> select.add(attribute.text()));
        return select + "FROM " + tables()
                + "\nWHERE " + plan.conditions().sql()
                + "\n  AND " + keyset.sql()
                + "\nORDER BY " + order()
                + "\nLIMIT ? OFFSET ?";
    }

    private String tables() {
        return switch (plan.level()) {
            case PATIENT -> "patient";
            case STUDY -> "study JOIN patient ON patient.id = study.patient_fk";
            case SERIES ->
                "series JOIN study ON study.id = series.study_fk JOIN patient ON patient.id = study.patient_fk";
            case IMAGE ->
                "instance JOIN series ON series.id = instance.series_fk JOIN study ON study.id = series.study_fk"
                        + " JOIN patient ON patient.id = study.patient_fk";
        };
    }

    private String id() {
        return switch (plan.level()) {
            case PATIENT -> "patient.id";
            case STUDY -> "study.id";
            case SERIES -> "series.id";
            case IMAGE -> "instance.id";
        };
    }

    /** The first instance of the first series of the first study. */
    private String instance() {
        return switch (plan.level()) {
            case PATIENT ->
                "("
                        + instanceOf("("
                                + seriesOf("(SELECT min(t.id) FROM study AS t WHERE t.patient_fk = patient.id)") + ")")
                        + ")";
            case STUDY -> "(" + instanceOf("(" + seriesOf("study.id") + ")") + ")";
            case SERIES -> "(" + instanceOf("series.id") + ")";
            case IMAGE -> "instance.id";
        };
    }

    private static String seriesOf(String study) {
        return "SELECT min(s.id) FROM series AS s WHERE s.study_fk = " + study;
    }

    private static String instanceOf(String series) {
        return "SELECT i.id FROM instance AS i WHERE i.series_fk = " + series + " ORDER BY i.id LIMIT 1";
    }

    /** Those that are equal in everything come in the order of arrival, or against it if the first step is. */
    private boolean isArrivalDescending() {
        return !plan.order().isEmpty() && plan.order().getFirst().descending();
    }

    private String order() {
        StringJoiner order = new StringJoiner(", ");
        plan.order().forEach(step -> order.add(step.attribute().order() + (step.descending() ? " DESC" : "")));
        return order.add(id() + (isArrivalDescending() ? " DESC" : "")).toString();
    }

    /** Everything behind a position, whatever mixture of directions: greater in the first step, or equal there and so on. */
    private void addKeyset(SqlConditions keyset, List<String> position) {
        StringBuilder sql = new StringBuilder();
        List<Object> values = new ArrayList<>();
        int steps = plan.order().size();
        if (steps > 0) {
            // Says to the index where to begin.
            QueryPlan.Step first = plan.order().getFirst();
            sql.append(compared(first, first.descending() ? "<=" : ">=")).append(" AND ");
            values.add(position.getFirst());
        }
        for (int i = 0; i < steps; i++) {
            QueryPlan.Step step = plan.order().get(i);
            sql.append('(').append(compared(step, step.descending() ? "<" : ">"));
            sql.append(" OR ").append(compared(step, "=")).append(" AND ");
            values.add(position.get(i));
            values.add(position.get(i));
        }
        sql.append(id()).append(isArrivalDescending() ? " < " : " > ").append("CAST (? AS bigint)");
        values.add(position.getLast());
        keyset.add(sql.append(")".repeat(steps)).toString(), values);
    }

    private static String compared(QueryPlan.Step step, String operator) {
        return step.attribute().order() + " " + operator + " CAST (? AS "
                + step.attribute().kind().sqlType() + ")";
    }
}
