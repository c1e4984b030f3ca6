// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * Which of a patient's earlier studies a {@link PrefetchRule} wants: the newest that fit.
 *
 * @param modalities a prior has a series of one of them; empty for any; at most {@value #MOST_MODALITIES}, none twice, in capitals
 * @param sameBodyPart whether a prior has a series of a body part that the study has as well; a study that names none has all
 * @param maxAgeMonths how much older than the study a prior may be, 1 to {@value #MOST_MONTHS}; 0 for any age
 * @param count the most priors, 1 to {@value #MOST_PRIORS}
 */
public record PriorsWanted(List<String> modalities, boolean sameBodyPart, int maxAgeMonths, int count) {

    public static final int MOST_PRIORS = 20;
    public static final int MOST_MONTHS = 1200;
    public static final int MOST_MODALITIES = 32;
    public static final int USUAL_COUNT = 3;

    /** CS of PS3.5. */
    private static final Pattern MODALITY = Pattern.compile("[A-Z0-9_ ]{1,16}");

    /** @throws FailureException {@link Failure#INVALID_RECORD} naming the field */
    public PriorsWanted {
        modalities = modalities.stream()
                .map(modality -> modality.strip().toUpperCase(Locale.ROOT))
                .toList();
        Rule.require(
                modalities.size() <= MOST_MODALITIES
                        && modalities.stream()
                                .allMatch(each -> MODALITY.matcher(each).matches()),
                "priors.modalities",
                "at most " + MOST_MODALITIES + " modalities such as CT, of at most 16 letters and digits each");
        Rule.require(
                new HashSet<>(modalities).size() == modalities.size(),
                "priors.modalities",
                "different ones: one is there twice");
        Rule.require(
                maxAgeMonths >= 0 && maxAgeMonths <= MOST_MONTHS,
                "priors.maxAgeMonths",
                "a number from 1 to " + MOST_MONTHS + ", or 0 for any age");
        Rule.require(count >= 1 && count <= MOST_PRIORS, "priors.count", "a number from 1 to " + MOST_PRIORS);
    }

    /** For people: {@code 3 CT, MR, same body part, 60 months}. */
    public String inWords() {
        return count
                + (modalities.isEmpty() ? " of any modality" : " " + String.join(", ", modalities))
                + (sameBodyPart ? ", same body part" : "")
                + (maxAgeMonths == 0 ? "" : ", " + maxAgeMonths + " months");
    }
}
