// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.Replacement;
import org.dozo.index.Corrections;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * Attributes of text that get other values on their way to a rule's destinations; what is kept stays as it is.
 *
 * @param changes by their paths' regular form
 */
public record Coercion(SortedMap<String, Change> changes) {

    public static final Coercion NONE = new Coercion(new TreeMap<>());

    private static final int MOST = 100;

    /** @param value with a backslash between several ones; empty to empty the attribute */
    public record Change(AttributePath path, String value) {}

    public Coercion {
        changes = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(changes));
    }

    /**
     * @param values by path, as the condition language writes it
     * @throws FailureException {@link Failure#INVALID_RECORD} naming the path and the position, or the value's limit
     */
    public static Coercion parse(Map<String, String> values) {
        if (values.size() > MOST) {
            throw invalid("has " + values.size() + " attributes; it may have " + MOST + " at most");
        }
        SortedMap<String, Change> changes = new TreeMap<>();
        values.forEach((name, value) -> {
            AttributePath path = ConditionParser.coercible(name);
            check(path, value);
            if (changes.put(path.toString(), new Change(path, value)) != null) {
                throw invalid("names " + path + " twice; leave one out");
            }
        });
        return new Coercion(changes);
    }

    /** Why a step can't be one of a path: empty if it can. */
    static String fault(AttributePath.Step step, boolean isSequence) {
        List<VR> vrs = step.creator().isEmpty() ? Dictionary.vrs(step.tag()) : List.of();
        if (vrs.isEmpty()) {
            return "which is private; only attributes of PS3.6 can be coerced";
        }
        if (isSequence) {
            return "";
        }
        if (vrs.contains(VR.SQ)) {
            return "which is a sequence; name an attribute of it, after a dot";
        }
        if (vrs.contains(VR.UI)) {
            return "which is a UID: UIDs say what an object is, and are never coerced";
        }
        if (!Corrections.isCorrectable(step.tag())) {
            return "which says how the object is to be read, and is never coerced";
        }
        return vrs.stream().allMatch(VR::isText)
                ? ""
                : "which is of VR " + vrs.getFirst() + "; only text can be coerced";
    }

    private static void check(AttributePath path, String value) {
        VR vr = Dictionary.vr(path.last().tag());
        TextRule rule = TextRule.of(vr);
        List<String> values = values(vr, value);
        for (int i = 0; i < values.size(); i++) {
            if (!rule.holds(values.get(i))) {
                String which = values.size() == 1 ? "a value" : "as value " + (i + 1) + " one";
                throw invalid("gives " + path + " " + which + " that is no " + vr + ": it needs " + rule.expected());
            }
        }
    }

    private static List<String> values(VR vr, String value) {
        if (value.isEmpty()) {
            return List.of();
        }
        return vr.isMultiValued() ? Arrays.asList(value.split("\\\\", -1)) : List.of(value);
    }

    private static FailureException invalid(String fault) {
        return new FailureException(Failure.INVALID_RECORD, "The rule's coercion " + fault);
    }

    public boolean isNone() {
        return changes.isEmpty();
    }

    /** Values by path, as {@link #parse} takes them. */
    public Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        changes.forEach((path, change) -> values.put(path, change.value()));
        return values;
    }

    /** The attributes, without their values. */
    public String names() {
        return String.join(", ", changes.keySet());
    }

    public List<Replacement> replacements() {
        List<Replacement> replacements = new ArrayList<>();
        for (Change change : changes.values()) {
            List<Integer> tags = Arrays.stream(change.path().tags()).boxed().toList();
            VR vr = Dictionary.vr(change.path().last().tag());
            replacements.add(new Replacement(tags, values(vr, change.value())));
        }
        return List.copyOf(replacements);
    }
}
