// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.jspecify.annotations.Nullable;

/**
 * How a query is answered: what the database is asked, what is then looked up in the kept headers, and what is not matched at all.
 *
 * @param fromHeader keys without a column; only where a unique key bounds how many headers are read
 * @param unsupported tags of keys that are not matched on
 * @param order of the matches, without the last resort (the order of arrival)
 */
record QueryPlan(
        QueryLevel level,
        SqlConditions conditions,
        Map<Integer, Criterion> fromHeader,
        List<Integer> unsupported,
        List<Step> order) {

    /** One step of the order. */
    record Step(IndexedAttribute attribute, boolean descending) {}

    private static final String ONLINE = "ONLINE";

    /**
     * @param zone that the query's dates and times are in; null for that of whatever they are compared with
     * @throws org.dozo.shared.FailureException {@code BAD_IDENTIFIER} naming the key
     */
    static QueryPlan of(StudyQuery query, @Nullable QueryZone zone) {
        ZoneOffset unwritten = zone == null ? ZoneOffset.UTC : zone.asked();
        Map<Integer, Criterion> criteria = new Keys(query.fuzzy(), unwritten).of(query.identifier());
        QueryPlan plan = new QueryPlan(
                query.level(),
                new SqlConditions(zone),
                new LinkedHashMap<>(),
                new ArrayList<>(),
                order(query, criteria.keySet()));
        boolean bounded = isBounded(query.level(), criteria);
        Map<Integer, Criterion> left = new LinkedHashMap<>(criteria);
        if (query.combinedDateTime()) {
            IndexedAttribute.TIME_OF.forEach((date, time) -> plan.addCombined(date, time, left));
        }
        left.forEach((tag, criterion) -> plan.add(query.identifier(), tag, criterion, bounded));
        return plan;
    }

    private void addCombined(int date, int time, Map<Integer, Criterion> left) {
        IndexedAttribute dates = reached(date);
        IndexedAttribute times = reached(time);
        if (dates != null
                && times != null
                && left.get(date) instanceof Criterion.Dates(List<Span<LocalDate>> days)
                && days.size() == 1
                && left.get(time) instanceof Criterion.Times(List<Span<LocalTime>> hours)
                && hours.size() == 1) {
            conditions.addCombined(dates, days.getFirst(), times, hours.getFirst());
            left.remove(date);
            left.remove(time);
        }
    }

    private @Nullable IndexedAttribute reached(int tag) {
        IndexedAttribute attribute = IndexedAttribute.of(tag);
        return attribute != null && level.reaches(attribute.level()) ? attribute : null;
    }

    private void add(Dataset identifier, int tag, Criterion criterion, boolean bounded) {
        IndexedAttribute attribute = IndexedAttribute.of(tag);
        IndexedSequence sequence = IndexedSequence.of(tag);
        if (attribute != null) {
            if (level.reaches(attribute.level()) && SqlConditions.canAdd(attribute)) {
                conditions.add(attribute, criterion);
            } else {
                unsupported.add(tag);
            }
        } else if (tag == Tag.INSTANCE_AVAILABILITY && criterion instanceof Criterion.Text text) {
            if (text.any().stream().noneMatch(glob -> glob.matches(ONLINE))) {
                conditions.add("false", List.of());
            }
        } else if (sequence != null && level.reaches(sequence.level()) && SqlConditions.canAdd(sequence, criterion)) {
            conditions.add(sequence, (Criterion.Items) criterion);
        } else if (bounded && isKept(identifier, tag)) {
            fromHeader.put(tag, criterion);
        } else {
            unsupported.add(tag);
        }
    }

    /** What never stands in a stored object, or can't be told apart in it. */
    private static boolean isKept(Dataset identifier, int tag) {
        return tag != Tag.RETRIEVE_AE_TITLE && (!Tag.isPrivate(tag) || identifier.privateCreator(tag) != null);
    }

    /** Whether unique keys, or a patient for his studies, leave few enough headers to be read. */
    private static boolean isBounded(QueryLevel level, Map<Integer, Criterion> criteria) {
        Set<QueryLevel> bounds = level.compareTo(QueryLevel.STUDY) <= 0
                ? EnumSet.range(QueryLevel.PATIENT, level)
                : EnumSet.range(QueryLevel.STUDY, level);
        return bounds.stream()
                .map(bound -> criteria.get(bound.uniqueKey()))
                .anyMatch(criterion -> criterion instanceof Criterion.Text text && !text.hasWildcard());
    }

    /** @throws org.dozo.shared.FailureException {@code BAD_IDENTIFIER} if matches can't be ordered so */
    private static List<Step> order(StudyQuery query, Set<Integer> keys) {
        List<Step> order = new ArrayList<>();
        for (SortKey key : query.page().order()) {
            IndexedAttribute attribute = IndexedAttribute.of(key.tag());
            if (attribute == null || !attribute.isSortable() || !query.level().reaches(attribute.level())) {
                throw Keys.bad(key.tag(), "can't be ordered by at level " + query.level());
            }
            order.add(new Step(attribute, key.descending()));
        }
        IndexedAttribute date = IndexedAttribute.of(Tag.STUDY_DATE);
        if (order.isEmpty() && date != null && query.level() == QueryLevel.STUDY && keys.contains(Tag.STUDY_DATE)) {
            // The range is found by the index that also gives this order.
            order.add(new Step(date, false));
        }
        return List.copyOf(order);
    }

    /** Whether an object's header has what the index does not. */
    boolean matches(Dataset identifier, Dataset header) {
        return fromHeader.entrySet().stream()
                .allMatch(key -> HeaderValues.matches(identifier, header, key.getKey(), key.getValue()));
    }
}
