// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.query.Page;
import org.dozo.query.SortKey;
import org.dozo.query.StudyQuery;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * The query parameters of QIDO-RS as a query, PS3.18 §10.6.1.2 and §8.3.4. Every fault is a {@link Failure#MALFORMED_REQUEST} that names
 * the parameter, never its value: that may be a patient's.
 */
final class QidoParameters {

    private static final int MAX_VALUES = 10_000;
    private static final int MAX_DEPTH = 16;
    private static final String INCLUDE = "includefield";
    private static final String FUZZY = "fuzzymatching";
    private static final String ORDER = "orderby";
    /** What both rule on is always so here: empty and several values are matched as PS3.4 §C.2.2.2 says. */
    private static final Set<String> ALWAYS = Set.of("emptyvaluematching", "multiplevaluematching");

    private final QidoTarget target;
    private final int maxResults;
    private final Dataset identifier = new Dataset();
    private final Map<String, String> given = new LinkedHashMap<>();
    private final List<SortKey> order = new ArrayList<>();
    private boolean fuzzy;
    private boolean everything;
    private long offset;
    private int limit;

    /** @param maxResults that one answer gives, whatever limit is asked for */
    QidoParameters(QidoTarget target, int maxResults) {
        this.target = target;
        this.maxResults = maxResults;
    }

    /** @param parameters by name, decoded */
    StudyQuery read(Map<String, List<String>> parameters) {
        identifier.setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192");
        for (int tag : target.returned()) {
            want(List.of(tag));
        }
        parameters.forEach(this::read);
        target.uids().forEach((tag, uid) -> {
            if (given.containsKey(List.of(tag).toString())) {
                throw fault(keyword(tag), "is given by the address already");
            }
            identifier.setString(tag, VR.UI, uid);
        });
        // Dates and times are always matched as one moment here, PS3.18 §8.3.4.1: and in the zone that the
        // request says if it says one: there is nothing to negotiate.
        return new StudyQuery(
                target.level(), identifier, fuzzy, true, true, everything, new Page(offset, limit(), order));
    }

    /** Whether fewer are given at most than the client would take. */
    boolean isCapped() {
        return limit == 0 || limit > maxResults;
    }

    private int limit() {
        return isCapped() ? maxResults : limit;
    }

    private void read(String name, List<String> values) {
        switch (name) {
            case "limit" -> limit = (int) number(name, values, 1, Integer.MAX_VALUE);
            case "offset" -> offset = number(name, values, 0, Long.MAX_VALUE);
            case FUZZY -> fuzzy = flag(name, values);
            case INCLUDE -> listed(values).forEach(this::include);
            case ORDER -> listed(values).forEach(this::order);
            case "accept" -> {}
            default -> {
                if (ALWAYS.contains(name)) {
                    flag(name, values);
                } else {
                    match(name, values);
                }
            }
        }
    }

    // --- the attributes

    private void match(String name, List<String> values) {
        List<Integer> path = path(name, name);
        int tag = path.getLast();
        VR vr = vr(tag);
        if (vr == VR.SQ || vr.isBulk()) {
            throw fault(
                    name,
                    "is " + (vr == VR.SQ ? "a sequence: name an attribute in it" : "bulk data: it can't be matched"));
        }
        List<String> matched = new ArrayList<>();
        for (String value : values) {
            matched.addAll(separated(vr, value));
        }
        matched.replaceAll(
                value -> vr == VR.UI ? value.strip() : tag == Tag.TIMEZONE_OFFSET_FROM_UTC ? signed(value) : value);
        if (matched.size() > MAX_VALUES) {
            throw fault(name, "has more than " + MAX_VALUES + " values: ask in several queries");
        }
        if (given.putIfAbsent(path.toString(), name) != null) {
            throw fault(name, "is given twice, by different names");
        }
        try {
            Dataset holder = holder(path);
            holder.setStrings(tag, vr, matched.stream().allMatch(String::isEmpty) ? List.of() : matched);
            requireWritten(name, vr, matched, holder.getStrings(tag));
        } catch (IllegalArgumentException e) {
            throw fault(name, "has a value, or several, that its VR " + vr + " can't hold");
        }
    }

    /** A plus sign in an address is decoded to a space; spaces alone are no value. */
    private static String signed(String offset) {
        return offset.replaceFirst("^ (?=\\d)", "+");
    }

    /** What a VR has no character for is written as a question mark, which would match any. */
    private static void requireWritten(String name, VR vr, List<String> given, List<String> written) {
        if (questionMarks(written) > questionMarks(given)) {
            throw fault(name, "has a character that its VR " + vr + " can't hold");
        }
    }

    private static long questionMarks(List<String> values) {
        return values.stream().flatMapToInt(String::chars).filter(c -> c == '?').count();
    }

    /** Only UIDs are listed by commas: these are part of other values, and a backslash is part of those that are always single. */
    private static List<String> separated(VR vr, String value) {
        if (vr.isText() && !vr.isMultiValued()) {
            return List.of(value);
        }
        return Arrays.asList(value.split(vr == VR.UI ? "[,\\\\]" : "\\\\", -1));
    }

    private void include(String name) {
        if (name.equalsIgnoreCase("all")) {
            everything = true;
            return;
        }
        want(path(INCLUDE, name));
    }

    /** Asks for an attribute, unless it is asked for or matched already. */
    private void want(List<Integer> path) {
        Dataset holder = holder(path);
        int tag = path.getLast();
        if (!holder.contains(tag)) {
            if (vr(tag) == VR.SQ) {
                holder.setItems(tag);
            } else {
                holder.setBytes(tag, vr(tag), new byte[0]);
            }
        }
    }

    /** The data set that holds the path's last attribute; the items on the way are made. */
    private Dataset holder(List<Integer> path) {
        Dataset holder = identifier;
        for (int tag : path.subList(0, path.size() - 1)) {
            Dataset item = holder.getItem(tag);
            holder = item == null ? holder.addItem(tag) : item;
        }
        return holder;
    }

    private void order(String text) {
        boolean descending = text.startsWith("-");
        // A plus sign in an address is decoded to a space.
        List<Integer> path = path(ORDER, descending ? text.substring(1) : text.replaceFirst("^[+ ]", ""));
        if (path.size() > 1) {
            throw fault(ORDER, "names an attribute inside of a sequence");
        }
        order.add(new SortKey(path.getFirst(), descending));
    }

    /** @param parameter the one to blame */
    private static List<Integer> path(String parameter, String dotted) {
        String[] steps = dotted.split("\\.", -1);
        if (steps.length > MAX_DEPTH) {
            throw fault(parameter, "is a path of more than " + MAX_DEPTH + " steps");
        }
        List<Integer> path = new ArrayList<>();
        for (String step : steps) {
            int tag = tag(parameter, step);
            if (path.size() < steps.length - 1 && vr(tag) != VR.SQ) {
                throw fault(parameter, "is a path through an attribute that is no sequence");
            }
            path.add(tag);
        }
        return path;
    }

    private static int tag(String parameter, String step) {
        OptionalInt known = Dictionary.tag(step);
        if (known.isPresent()) {
            return known.getAsInt();
        }
        if (!step.matches("[0-9A-Fa-f]{8}")) {
            throw fault(
                    parameter,
                    "names no attribute: neither by a keyword of PS3.6 nor by the eight hexadecimal digits of a tag, and it"
                            + " is no other parameter of PS3.18 §10.6");
        }
        int tag = Integer.parseUnsignedInt(step, 16);
        if (Tag.group(tag) < 0x0008 || Tag.group(tag) == 0xFFFE || Tag.isGroupLength(tag)) {
            throw fault(parameter, "names an element that is no attribute of an object");
        }
        return tag;
    }

    private static VR vr(int tag) {
        VR vr = Dictionary.vr(tag);
        // Of a private attribute nothing is known here: its value is compared as text.
        return vr == VR.UN ? VR.LO : vr;
    }

    // --- the others

    private static List<String> listed(List<String> values) {
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    private static boolean flag(String name, List<String> values) {
        return switch (single(name, values)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw fault(name, "is neither true nor false");
        };
    }

    private static long number(String name, List<String> values, long least, long most) {
        try {
            long number = Long.parseLong(single(name, values));
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the refusal below, which names parameter and range.
        }
        throw fault(name, "is not a whole number from " + least + " to " + most);
    }

    private static String single(String name, List<String> values) {
        if (values.size() != 1) {
            throw fault(name, "is given more than once");
        }
        return values.getFirst().strip();
    }

    private static String keyword(int tag) {
        String keyword = Dictionary.keyword(tag);
        return keyword == null ? Tag.toString(tag) : keyword;
    }

    private static FailureException fault(String parameter, String fault) {
        String name = parameter.length() <= 64 ? parameter : parameter.substring(0, 64) + "…";
        return new FailureException(Failure.MALFORMED_REQUEST, "The query parameter " + name + " " + fault);
    }
}
