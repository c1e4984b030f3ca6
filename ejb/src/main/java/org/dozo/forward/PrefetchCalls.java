// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dozo.forward.rules.Facts;
import org.dozo.forward.rules.PrefetchRule;
import org.dozo.jobs.NewJob;

/** Which prefetch rules the objects of one batch call, each study and rule once. Not thread-safe. */
final class PrefetchCalls {

    private static final char SLASH = '/';

    /** A rule's name has no slash. */
    record Key(String study, String rule) implements Comparable<Key> {

        static Key of(String jobKey) {
            int slash = jobKey.lastIndexOf(SLASH);
            return new Key(jobKey.substring(0, slash), jobKey.substring(slash + 1));
        }

        String jobKey() {
            return study + SLASH + rule;
        }

        @Override
        public int compareTo(Key other) {
            int byStudy = study.compareTo(other.study);
            return byStudy != 0 ? byStudy : rule.compareTo(other.rule);
        }
    }

    private final List<PrefetchRule> rules;
    private final Map<Key, Integer> priorities = new TreeMap<>();

    PrefetchCalls(List<PrefetchRule> rules) {
        this.rules = rules;
    }

    /** Whether there is no rule to be called. */
    boolean isIdle() {
        return rules.isEmpty();
    }

    void look(Facts facts, String study) {
        for (PrefetchRule rule : rules) {
            if (rule.condition().matches(facts)) {
                int priority = facts.isStat() ? NewJob.STAT : rule.priority();
                priorities.merge(new Key(study, rule.name()), priority, Math::max);
            }
        }
    }

    List<Key> keys() {
        return List.copyOf(priorities.keySet());
    }

    /** 0 to 9. */
    int priority(Key key) {
        return priorities.getOrDefault(key, NewJob.ROUTINE);
    }
}
