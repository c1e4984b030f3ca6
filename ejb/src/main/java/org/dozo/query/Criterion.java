// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.index.IndexText;
import org.jspecify.annotations.Nullable;

/**
 * What a key asks of an attribute, PS3.4 §C.2.2.2. Asked of a column by {@link SqlConditions}, of a data set here; both must give the
 * same answer.
 */
sealed interface Criterion {

    /** Whether an attribute of a data set matches; of several values one is enough. */
    boolean matches(Dataset dataset, int tag);

    /** Empty value matching, §C.2.2.2.7: the attribute is not there or has no value. */
    record Empty() implements Criterion {
        @Override
        public boolean matches(Dataset dataset, int tag) {
            Element element = dataset.get(tag);
            return element == null
                    || element.isEmpty()
                    || (element.vr().isText()
                            && dataset.getStrings(tag).stream().allMatch(String::isEmpty));
        }
    }

    /** Single value, wildcards, lists of UIDs, §C.2.2.2.1, 2 and 4. Case counts. */
    record Text(List<Glob> any) implements Criterion {
        @Override
        public boolean matches(Dataset dataset, int tag) {
            return values(dataset, tag)
                    .map(IndexText::of)
                    .anyMatch(value -> any.stream().anyMatch(glob -> glob.matches(value)));
        }

        boolean hasWildcard() {
            return any.stream().anyMatch(Glob::hasWildcard);
        }
    }

    /** Numbers are the same whatever their spelling. */
    record Numbers(List<BigDecimal> any) implements Criterion {
        @Override
        public boolean matches(Dataset dataset, int tag) {
            return values(dataset, tag)
                    .map(Keys::number)
                    .filter(Objects::nonNull)
                    .anyMatch(value -> any.stream().anyMatch(number -> number.compareTo(value) == 0));
        }
    }

    /** Dates, §C.2.2.2.5.1. */
    record Dates(List<Span<LocalDate>> any) implements Criterion {
        @Override
        public boolean matches(Dataset dataset, int tag) {
            return holds(dataset, tag, any, Moments::date);
        }
    }

    /** Times of a day, §C.2.2.2.5.2. */
    record Times(List<Span<LocalTime>> any) implements Criterion {
        @Override
        public boolean matches(Dataset dataset, int tag) {
            return holds(dataset, tag, any, Moments::time);
        }
    }

    /**
     * Moments in UTC, §C.2.2.2.5.3.
     *
     * @param unwritten the offset of values that have none
     */
    record DateTimes(List<Span<LocalDateTime>> any, ZoneOffset unwritten) implements Criterion {
        @Override
        public boolean matches(Dataset dataset, int tag) {
            return holds(dataset, tag, any, text -> Moments.dateTime(text, unwritten));
        }
    }

    /** Persons' names, §C.2.2.2.1.1. */
    record Names(List<NamePattern> any) implements Criterion {
        @Override
        public boolean matches(Dataset dataset, int tag) {
            return values(dataset, tag).anyMatch(value -> any.stream().anyMatch(pattern -> pattern.matches(value)));
        }
    }

    /** Sequence matching, §C.2.2.2.6: one item must fulfil everything. */
    record Items(Map<Integer, Criterion> all) implements Criterion {
        @Override
        public boolean matches(Dataset dataset, int tag) {
            return dataset.getItems(tag).stream()
                    .anyMatch(item -> all.entrySet().stream()
                            .allMatch(key -> key.getValue().matches(item, key.getKey())));
        }
    }

    private static Stream<String> values(Dataset dataset, int tag) {
        return dataset.getStrings(tag).stream();
    }

    private static <T extends Comparable<? super T>> boolean holds(
            Dataset dataset, int tag, List<Span<T>> any, Function<String, @Nullable Span<T>> reader) {
        return values(dataset, tag).map(reader).anyMatch(value -> {
            T moment = value == null ? null : value.from();
            return moment != null && any.stream().anyMatch(span -> span.holds(moment));
        });
    }
}
