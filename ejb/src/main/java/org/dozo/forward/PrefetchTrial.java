// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.util.List;
import java.util.Set;
import org.dozo.forward.rules.StudyTrial;

/**
 * What a prefetch rule would do for a study.
 *
 * @param condition how the rule's condition does on the study's instances
 * @param priors the patient's other studies, the newest first, those later than the study last
 * @param complete whether those are all
 */
public record PrefetchTrial(StudyTrial condition, List<Verdict> priors, boolean complete) {

    /**
     * @param study Study Instance UID
     * @param whyNot empty if it is a prior that is wanted
     * @param there the destinations that have it, verified: it would not be sent to them again
     */
    public record Verdict(String study, String whyNot, Set<String> there) {

        public Verdict {
            there = Set.copyOf(there);
        }
    }

    public PrefetchTrial {
        priors = List.copyOf(priors);
    }
}
