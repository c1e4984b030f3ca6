// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.index.IndexText;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.Nullable;

/** Reads the keys of an identifier as criteria, and refuses values that their VR does not allow. */
final class Keys {

    /** Values of one key; more are to be asked for in several queries. */
    static final int MOST_VALUES = 10_000;

    /** Characters of a key that is no list. */
    private static final int LONGEST = 10_240;

    private static final int LONGEST_NUMBER = 64;
    private static final int DEEPEST = 8;
    private static final String EMPTY_VALUE = "\"\"";

    private final boolean fuzzy;
    private final ZoneOffset unwritten;

    /** @param unwritten the offset from UTC of a DT that has none */
    Keys(boolean fuzzy, ZoneOffset unwritten) {
        this.fuzzy = fuzzy;
        this.unwritten = unwritten;
    }

    /**
     * The criteria of all elements that have a value, but for what is never matched.
     *
     * @throws FailureException {@link Failure#BAD_IDENTIFIER} naming the key
     */
    Map<Integer, Criterion> of(Dataset identifier) {
        return of(identifier, 0);
    }

    private Map<Integer, Criterion> of(Dataset identifier, int depth) {
        if (depth > DEEPEST) {
            throw new FailureException(
                    Failure.BAD_IDENTIFIER, "A key lies in more than " + DEEPEST + " sequences: ask for it higher up");
        }
        Map<Integer, Criterion> criteria = new LinkedHashMap<>();
        for (Element element : identifier) {
            Criterion criterion = isNeverMatched(element.tag()) ? null : read(identifier, element, depth);
            if (criterion != null) {
                criteria.put(element.tag(), criterion);
            }
        }
        return criteria;
    }

    private static boolean isNeverMatched(int tag) {
        return tag == Tag.SPECIFIC_CHARACTER_SET
                || tag == Tag.QUERY_RETRIEVE_LEVEL
                || tag == Tag.TIMEZONE_OFFSET_FROM_UTC
                || Tag.isGroupLength(tag)
                || Tag.isPrivateCreator(tag);
    }

    private @Nullable Criterion read(Dataset identifier, Element element, int depth) {
        VR vr = vr(element);
        if (vr == VR.SQ) {
            return items(element, depth);
        }
        if (element.isEmpty() || vr.isBulk()) {
            return null;
        }
        Element read = vr == element.vr() ? element : Element.ofBytes(element.tag(), vr, element.bytes());
        List<String> values = vr == element.vr()
                ? identifier.getStrings(element.tag())
                : inherited(identifier, read).getStrings(element.tag());
        return values.stream().allMatch(String::isEmpty) ? null : read(element.tag(), vr, values);
    }

    /** The element alone, in the character set of the identifier. */
    private static Dataset inherited(Dataset identifier, Element element) {
        Dataset alone = new Dataset();
        alone.setStrings(
                Tag.SPECIFIC_CHARACTER_SET, VR.CS, identifier.characterSet().definedTerms());
        return alone.set(element);
    }

    /** As the standard has it: what came as something else is read so if both are text, and refused if it can't be. */
    private static VR vr(Element element) {
        List<VR> allowed = Dictionary.vrs(element.tag());
        VR vr = element.vr();
        if (vr == VR.UN) {
            return allowed.isEmpty() ? VR.LO : Dictionary.vr(element.tag());
        }
        if (allowed.isEmpty() || allowed.contains(vr) || element.isEmpty()) {
            return vr;
        }
        if (vr.isText() && allowed.getFirst().isText()) {
            return allowed.getFirst();
        }
        throw bad(element.tag(), "is sent with VR " + vr + ", PS3.6 has " + allowed);
    }

    private @Nullable Criterion items(Element element, int depth) {
        if (element.items().size() > 1) {
            throw bad(element.tag(), "has " + element.items().size() + " items: a key has one (PS3.4 §C.2.2.2.6)");
        }
        Map<Integer, Criterion> all =
                element.items().isEmpty() ? Map.of() : of(element.items().getFirst(), depth + 1);
        return all.isEmpty() ? null : new Criterion.Items(all);
    }

    private @Nullable Criterion read(int tag, VR vr, List<String> values) {
        if (values.size() > MOST_VALUES) {
            throw bad(tag, "has " + values.size() + " values: ask for " + MOST_VALUES + " at a time");
        }
        if (vr != VR.UI && values.stream().mapToLong(String::length).sum() > LONGEST) {
            throw bad(tag, "is longer than " + LONGEST + " characters");
        }
        if (values.size() == 1 && values.getFirst().equals(EMPTY_VALUE)) {
            return new Criterion.Empty();
        }
        List<String> asked = values.stream().filter(value -> !value.isEmpty()).toList();
        if (asked.stream().anyMatch(value -> new Glob(value).isUniversal())) {
            return null;
        }
        return switch (vr) {
            case DA -> new Criterion.Dates(each(tag, asked, Moments::dates, "a date (YYYYMMDD) or range of dates"));
            case TM -> new Criterion.Times(each(tag, asked, Moments::times, "a time (HHMMSS) or range of times"));
            case DT ->
                new Criterion.DateTimes(
                        each(tag, asked, text -> Moments.dateTimes(text, unwritten), "a date and time or a range"),
                        unwritten);
            case IS, DS, US, SS, UL, SL, UV, SV, FL, FD ->
                new Criterion.Numbers(each(tag, asked, Keys::number, "a number"));
            case PN -> names(asked);
            case UI -> new Criterion.Text(each(tag, asked, Keys::uid, "a UID: these have no wildcards"));
            default ->
                new Criterion.Text(
                        asked.stream().map(IndexText::of).map(Glob::new).toList());
        };
    }

    private static @Nullable Glob uid(String value) {
        Glob glob = new Glob(IndexText.of(value));
        return glob.hasWildcard() ? null : glob;
    }

    private @Nullable Criterion names(List<String> values) {
        List<NamePattern> patterns =
                values.stream().map(value -> NamePattern.of(value, fuzzy)).toList();
        return patterns.stream().anyMatch(NamePattern::isUniversal) ? null : new Criterion.Names(patterns);
    }

    private static <T> List<T> each(int tag, List<String> values, Function<String, @Nullable T> reader, String what) {
        List<T> all = new ArrayList<>();
        for (String value : values) {
            T read = reader.apply(value);
            if (read == null) {
                throw bad(tag, "has a value that is not " + what);
            }
            all.add(read);
        }
        return all;
    }

    /** Null if it is none, or none that can be compared in reasonable time. */
    static @Nullable BigDecimal number(String text) {
        try {
            BigDecimal number = text.length() > LONGEST_NUMBER ? null : new BigDecimal(text.strip());
            return number == null || Math.abs((long) number.scale()) > 400 ? null : number;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static FailureException bad(int tag, String fault) {
        String name = Dictionary.name(tag);
        return new FailureException(
                Failure.BAD_IDENTIFIER, (name == null ? "Key" : name) + " " + Tag.toString(tag) + " " + fault);
    }
}
