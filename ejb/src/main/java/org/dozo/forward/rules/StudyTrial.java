// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.List;

/**
 * How a condition does on the instances of one study.
 *
 * @param matching how many match
 * @param of how many were looked at
 * @param complete whether that was all of them
 * @param instances the first {@value RuleTrial#MOST_LISTED}, by series and instance number
 */
public record StudyTrial(int matching, int of, boolean complete, List<Verdict> instances) {

    /** @param whyNot the first clause that fails, and what was found there; empty if the instance matches */
    public record Verdict(String seriesInstanceUid, String sopInstanceUid, String whyNot) {}

    public StudyTrial {
        instances = List.copyOf(instances);
    }
}
