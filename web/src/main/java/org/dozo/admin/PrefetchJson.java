// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import org.dozo.forward.PrefetchTrial;
import org.dozo.forward.rules.PrefetchFields;
import org.dozo.forward.rules.PrefetchRule;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * A prefetch rule as JSON: {@code {"name","condition","priors":{"modalities":[…],"sameBodyPart","maxAgeMonths","count"},
 * "destinations":[…],"priority","enabled"}}; and its trials.
 */
final class PrefetchJson {

    private PrefetchJson() {}

    static JsonObject of(PrefetchRule rule) {
        return Json.createObjectBuilder(PrefetchFields.of(rule)).build();
    }

    /** @throws FailureException {@link Failure#INVALID_RECORD} naming the field */
    static PrefetchRule parse(JsonObject rule) {
        return PrefetchFields.read(RuleJson.fields(rule));
    }

    static JsonObject of(PrefetchRule rule, String study, PrefetchTrial trial) {
        JsonArrayBuilder priors = Json.createArrayBuilder();
        int wanted = 0;
        for (PrefetchTrial.Verdict verdict : trial.priors()) {
            wanted += verdict.whyNot().isEmpty() ? 1 : 0;
            priors.add(prior(rule, verdict));
        }
        int matching = trial.condition().matching();
        return Json.createObjectBuilder()
                .add("condition", rule.condition().toString())
                .add("study", study)
                .add("matching", matching)
                .add("of", trial.condition().of())
                .add("wanted", wanted)
                .add("complete", trial.complete() && trial.condition().complete())
                .add(
                        "sentence",
                        "matches %d of %d instances: %s %d of the %s%d other studies of the patient"
                                .formatted(
                                        matching,
                                        trial.condition().of(),
                                        matching > 0 ? "wants" : "calls for nothing; otherwise it would want",
                                        wanted,
                                        trial.complete() ? "" : "latest ",
                                        trial.priors().size()))
                .add("priors", priors)
                .build();
    }

    private static JsonObject prior(PrefetchRule rule, PrefetchTrial.Verdict verdict) {
        boolean wanted = verdict.whyNot().isEmpty();
        JsonObjectBuilder prior =
                Json.createObjectBuilder().add("study", verdict.study()).add("wanted", wanted);
        if (!wanted) {
            return prior.add("why", verdict.whyNot()).build();
        }
        List<String> there =
                rule.destinations().stream().filter(verdict.there()::contains).toList();
        List<String> missing = rule.destinations().stream()
                .filter(title -> !there.contains(title))
                .toList();
        return prior.add("to", Json.createArrayBuilder(missing))
                .add("there", Json.createArrayBuilder(there))
                .build();
    }

    /** A trial for people: its sentence, then the priors, where they would go, and why others would not. */
    static String text(JsonObject trial) {
        StringBuilder text = new StringBuilder(trial.getString("condition"))
                .append("\n")
                .append(trial.getString("sentence"))
                .append("\n");
        for (JsonValue each : trial.getJsonArray("priors")) {
            JsonObject prior = each.asJsonObject();
            boolean wanted = prior.getBoolean("wanted");
            text.append(wanted ? "+ " : "- ").append(prior.getString("study")).append("  ");
            text.append(wanted ? where(prior) : prior.getString("why")).append("\n");
        }
        return text.toString();
    }

    private static String where(JsonObject prior) {
        String to = titles(prior, "to");
        String there = titles(prior, "there");
        String sent = to.isEmpty() ? "" : "to " + to;
        return there.isEmpty() ? sent : sent + (to.isEmpty() ? "" : ", ") + "already at " + there;
    }

    private static String titles(JsonObject prior, String field) {
        return String.join(
                ", ",
                prior.getJsonArray(field).getValuesAs(JsonString.class).stream()
                        .map(JsonString::getString)
                        .toList());
    }
}
