// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.dozo.query.Criterion.Dates;
import org.dozo.query.Criterion.Names;
import org.dozo.query.Criterion.Numbers;
import org.dozo.query.Criterion.Text;
import org.dozo.query.Criterion.Times;
import org.jspecify.annotations.Nullable;

/** Writes criteria as SQL. Whatever came from a key becomes a parameter; the text of the statement is made of this program's own words. */
final class SqlConditions {

    private final @Nullable QueryZone zone;
    private final StringBuilder sql = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();

    SqlConditions() {
        this(null);
    }

    /** @param zone that dates and times are asked for in; null for the one they are kept in */
    SqlConditions(@Nullable QueryZone zone) {
        this.zone = zone;
    }

    /** All conditions, joined by AND; never empty. */
    String sql() {
        return sql.isEmpty() ? "true" : sql.toString();
    }

    List<Object> parameters() {
        return parameters;
    }

    /** Sets parameters from {@code position} on; returns the position behind them. */
    static int bind(PreparedStatement statement, int position, List<Object> values) throws SQLException {
        int at = position;
        for (Object value : values) {
            switch (value) {
                case String[] texts -> statement.setArray(at++, array(statement, "text", texts));
                case Integer[] numbers -> statement.setArray(at++, array(statement, "int4", numbers));
                default -> statement.setObject(at++, value);
            }
        }
        return at;
    }

    private static Array array(PreparedStatement statement, String type, Object[] values) throws SQLException {
        return statement.getConnection().createArrayOf(type, values);
    }

    /** Whether {@link #add} knows the way. */
    static boolean canAdd(IndexedAttribute attribute) {
        return attribute.kind() != IndexedAttribute.Kind.COUNT;
    }

    void add(IndexedAttribute attribute, Criterion criterion) {
        and(condition(attribute, criterion));
    }

    /** Whether all that the items are asked for has columns. */
    static boolean canAdd(IndexedSequence sequence, Criterion criterion) {
        return criterion instanceof Criterion.Items(Map<Integer, Criterion> all)
                && all.entrySet().stream()
                        .allMatch(key -> sequence.columns().containsKey(key.getKey())
                                && (key.getValue() instanceof Text || key.getValue() instanceof Criterion.Empty));
    }

    void add(IndexedSequence sequence, Criterion.Items items) {
        StringJoiner all = new StringJoiner(" AND ", "EXISTS (SELECT FROM " + sequence.items() + " AND ", ")");
        items.all()
                .forEach((tag, criterion) -> all.add(ofText(sequence.columns().getOrDefault(tag, "NULL"), criterion)));
        and(all.toString());
    }

    /** A date and its time as one moment, PS3.4 §C.2.2.2.5.1 with combined date-time matching. */
    void addCombined(IndexedAttribute date, Span<LocalDate> dates, IndexedAttribute time, Span<LocalTime> times) {
        if (zone != null) {
            LocalTime start = times.from() == null ? LocalTime.MIN : times.from();
            LocalTime end = times.to() == null ? Moments.END_OF_DAY : times.to();
            and(moments(
                    zone,
                    date,
                    time,
                    dates.from() == null ? null : dates.from().atTime(start),
                    dates.to() == null ? null : dates.to().atTime(end)));
            return;
        }
        and(dates(date, new Dates(List.of(dates))));
        String moment = "(" + date.expression() + " + coalesce(" + time.expression() + ", TIME '00:00'))";
        if (dates.from() != null) {
            LocalTime from = times.from() == null ? LocalTime.MIN : times.from();
            and(moment + " >= " + parameter(dates.from().atTime(from)));
        }
        if (dates.to() != null) {
            LocalTime to = times.to() == null ? Moments.END_OF_DAY : times.to();
            and(moment + " <= " + parameter(dates.to().atTime(to)));
        }
    }

    /** Raw SQL with its parameters, of this program's making. */
    void add(String condition, List<Object> values) {
        and(condition);
        parameters.addAll(values);
    }

    private void and(String condition) {
        sql.append(sql.isEmpty() ? "" : "\n  AND ").append(condition);
    }

    private String parameter(Object value) {
        parameters.add(value);
        return "?";
    }

    private String condition(IndexedAttribute attribute, Criterion criterion) {
        return switch (attribute.kind()) {
            case MODALITIES ->
                exists("series AS s WHERE s.study_fk = study.id AND s.modality <> ''", attribute, criterion);
            case SOP_CLASSES ->
                exists(
                        "series AS s JOIN instance AS i ON i.series_fk = s.id WHERE s.study_fk = study.id",
                        attribute,
                        criterion);
            case DATE -> dates(attribute, criterion);
            case TIME -> times(attribute, criterion);
            case NUMBER -> numbers(attribute, criterion);
            case NAME -> names(attribute, criterion);
            case TEXT -> ofText(attribute.expression(), criterion);
            case COUNT -> throw new IllegalArgumentException("Counts are not matched");
        };
    }

    private String exists(String rows, IndexedAttribute attribute, Criterion criterion) {
        return criterion instanceof Criterion.Empty
                ? "NOT EXISTS (SELECT FROM " + rows + ")"
                : "EXISTS (SELECT FROM " + rows + " AND " + ofText(attribute.expression(), criterion) + ")";
    }

    // --- one VR each

    private String ofText(String column, Criterion criterion) {
        return switch (criterion) {
            case Text text
            when !text.hasWildcard() ->
                text.any().size() == 1
                        ? column + " = " + parameter(text.any().getFirst().pattern())
                        : column + " = ANY ("
                                + parameter(
                                        text.any().stream().map(Glob::pattern).toArray(String[]::new)) + ")";
            case Text text -> anyOf(text.any(), glob -> like(column, glob));
            case Criterion.Empty ignored -> column + " = ''";
            default -> throw unfit(column, criterion);
        };
    }

    private String like(String column, Glob glob) {
        if (!glob.hasWildcard()) {
            return column + " = " + parameter(glob.pattern());
        }
        return range(column, glob.prefix()) + column + " LIKE " + parameter(glob.like());
    }

    /** What a B-tree in the order of code points can find: LIKE alone can't use one when its pattern is a parameter. */
    private String range(String column, String prefix) {
        if (prefix.isEmpty()) {
            return "";
        }
        String collated = column + " COLLATE \"C\"";
        String above = Glob.above(prefix);
        String from = column + " <> '' AND " + collated + " >= " + parameter(prefix) + " AND ";
        return above.isEmpty() ? from : from + collated + " < " + parameter(above) + " AND ";
    }

    private String numbers(IndexedAttribute attribute, Criterion criterion) {
        if (criterion instanceof Criterion.Empty) {
            return attribute.expression() + " IS NULL";
        }
        if (!(criterion instanceof Numbers(List<BigDecimal> any))) {
            throw unfit(attribute.expression(), criterion);
        }
        Integer[] whole =
                any.stream().map(SqlConditions::whole).filter(n -> n != null).toArray(Integer[]::new);
        return attribute.expression() + " = ANY (" + parameter(whole) + ")";
    }

    private static @Nullable Integer whole(BigDecimal number) {
        try {
            return number.intValueExact();
        } catch (ArithmeticException e) {
            // No column holds it, so it matches nothing.
            return null;
        }
    }

    private String dates(IndexedAttribute attribute, Criterion criterion) {
        if (criterion instanceof Criterion.Empty) {
            return attribute.text() + " = ''";
        }
        if (!(criterion instanceof Dates(List<Span<LocalDate>> any))) {
            throw unfit(attribute.expression(), criterion);
        }
        IndexedAttribute time = attribute.time();
        if (zone != null && time != null) {
            QueryZone asked = zone;
            return anyOf(
                    any,
                    span -> moments(
                            asked,
                            attribute,
                            time,
                            span.from() == null ? null : span.from().atStartOfDay(),
                            span.to() == null ? null : span.to().atTime(Moments.END_OF_DAY)));
        }
        // In the words of the index; what has no date lies below all dates there, and is in no range.
        return anyOf(
                any,
                span -> between(
                        attribute.dateOrder(), span.from() == null ? LocalDate.of(1, 1, 2) : span.from(), span.to()));
    }

    private String times(IndexedAttribute attribute, Criterion criterion) {
        if (criterion instanceof Criterion.Empty) {
            return attribute.text() + " = ''";
        }
        if (!(criterion instanceof Times(List<Span<LocalTime>> any))) {
            throw unfit(attribute.expression(), criterion);
        }
        IndexedAttribute date = attribute.date();
        if (zone != null && date != null) {
            QueryZone asked = zone;
            return anyOf(any, span -> timesOfDay(asked, date, attribute, span));
        }
        return anyOf(any, span -> between(attribute.expression(), span.from(), span.to()));
    }

    // --- in another zone, PS3.4 §C.2.2.2

    /** Moments between two of the zone asked for; who has no date is in no range. */
    private String moments(
            QueryZone asked,
            IndexedAttribute date,
            IndexedAttribute time,
            @Nullable LocalDateTime from,
            @Nullable LocalDateTime to) {
        StringJoiner all = new StringJoiner(" AND ", "(", ")");
        all.add(date.expression() + " IS NOT NULL");
        // For the index: on earth no date is further from that of UTC.
        if (from != null) {
            LocalDate first = asked.utc(from).minusHours(12).toLocalDate();
            all.add(date.dateOrder() + " >= " + parameter(first));
        }
        if (to != null) {
            LocalDate last = asked.utc(to).plusHours(14).toLocalDate();
            all.add(date.dateOrder() + " <= " + parameter(last));
        }
        if (from != null) {
            all.add(utc(asked, date.expression(), time) + " >= " + parameter(asked.utc(from)));
        }
        if (to != null) {
            all.add(utc(asked, date.expression(), time) + " <= " + parameter(asked.utc(to)));
        }
        return all.toString();
    }

    private String timesOfDay(QueryZone asked, IndexedAttribute date, IndexedAttribute time, Span<LocalTime> span) {
        String day = "coalesce(" + date.expression() + ", DATE '" + QueryZone.NO_DAY + "')";
        StringJoiner all = new StringJoiner(" AND ", "(", ")");
        all.add(time.expression() + " IS NOT NULL");
        if (span.from() != null) {
            all.add(timeOfDay(asked, day, time) + " >= " + parameter(span.from()));
        }
        if (span.to() != null) {
            all.add(timeOfDay(asked, day, time) + " <= " + parameter(span.to()));
        }
        return all.toString();
    }

    private String timeOfDay(QueryZone asked, String day, IndexedAttribute time) {
        return "CAST (" + utc(asked, day, time) + " + " + seconds(asked.asked()) + " AS time)";
    }

    /** A day and its time in UTC. Without time it is the beginning of that day in whatever zone is asked for. */
    private String utc(QueryZone asked, String day, IndexedAttribute time) {
        String moment = "(" + day + " + " + time.expression() + ")";
        String offset = time.utcOffset().expression();
        return "(CASE WHEN " + time.expression() + " IS NULL THEN " + day + " + TIME '00:00' - "
                + seconds(asked.asked())
                + " WHEN " + offset + " IS NULL THEN " + moment + " AT TIME ZONE " + archive(asked.archive())
                + " AT TIME ZONE 'UTC'"
                + " ELSE " + moment + " - make_interval(mins => " + offset + ") END)";
    }

    /** What PostgreSQL calls by a name has its clock changes; an offset by name would count westwards there. */
    private String archive(ZoneId archive) {
        return archive.normalized() instanceof ZoneOffset fixed
                ? seconds(fixed)
                : "CAST (" + parameter(archive.getId()) + " AS text)";
    }

    private String seconds(ZoneOffset offset) {
        return "make_interval(secs => " + parameter((double) offset.getTotalSeconds()) + ")";
    }

    private String between(String expression, @Nullable Object from, @Nullable Object to) {
        StringJoiner both = new StringJoiner(" AND ");
        if (from != null) {
            both.add(expression + " >= " + parameter(from));
        }
        if (to != null) {
            both.add(expression + " <= " + parameter(to));
        }
        return both.toString();
    }

    // --- names

    private String names(IndexedAttribute attribute, Criterion criterion) {
        return switch (criterion) {
            case Criterion.Empty ignored ->
                attribute.names().stream()
                        .map(column -> column + " = ''")
                        .reduce((a, b) -> a + " AND " + b)
                        .orElseThrow();
            case Names names -> anyOf(names.any(), pattern -> name(attribute, pattern));
            default -> throw unfit(attribute.expression(), criterion);
        };
    }

    private String name(IndexedAttribute attribute, NamePattern pattern) {
        StringJoiner groups;
        if (pattern.groups().size() == 1) {
            groups = new StringJoiner(" OR ", "(", ")");
            attribute
                    .names()
                    .forEach(column -> groups.add(group(column, pattern.groups().getFirst())));
        } else {
            groups = new StringJoiner(" AND ", "(", ")");
            for (int i = 0; i < pattern.groups().size(); i++) {
                if (!pattern.groups().get(i).isUniversal()) {
                    groups.add(group(attribute.names().get(i), pattern.groups().get(i)));
                }
            }
        }
        boolean bySound = !pattern.sounds().isEmpty() && attribute.level() == QueryLevel.PATIENT;
        return bySound
                ? "(" + groups + " OR patient.name_sounds @> "
                        + parameter(pattern.sounds().toArray(String[]::new)) + ")"
                : groups.toString();
    }

    private String group(String column, NamePattern.Group group) {
        Glob whole = group.whole();
        if (!group.hasComponents() || !whole.hasWildcard()) {
            return "(" + like(column, whole) + ")";
        }
        StringBuilder all = new StringBuilder("(").append(range(column, group.prefix()));
        List<Glob> components = group.components();
        for (int i = 0; i < components.size(); i++) {
            if (!components.get(i).isUniversal()) {
                String component = "split_part(" + column + ", '^', " + (i + 1) + ")";
                all.append(component)
                        .append(" LIKE ")
                        .append(parameter(components.get(i).like()))
                        .append(" AND ");
            }
        }
        String carets = "length(" + column + ") - length(replace(" + column + ", '^', ''))";
        return all.append(group.isOpen() ? column + " <> ''" : carets + " < " + components.size())
                .append(')')
                .toString();
    }

    // --- alternatives

    private static <T> String anyOf(List<T> alternatives, java.util.function.Function<T, String> writer) {
        StringJoiner any = new StringJoiner(" OR ", "(", ")");
        alternatives.forEach(alternative -> any.add(writer.apply(alternative)));
        return any.toString();
    }

    private static IllegalArgumentException unfit(String column, Criterion criterion) {
        return new IllegalArgumentException(
                column + " can't be asked for " + criterion.getClass().getSimpleName());
    }
}
