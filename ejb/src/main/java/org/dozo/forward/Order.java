// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dozo.forward.rules.Rule;
import org.dozo.forward.rules.Trigger;

/** Objects of one study that are to go to one destination. Not thread-safe. */
final class Order {

    /** The scope of what waits for the whole study; a series' scope is its UID, and what waits for nothing has none. */
    static final String STUDY = "study";

    /** What objects have in common that are ordered together. */
    record Key(String study, String destination, String scope) implements Comparable<Key> {

        static Key of(Rule rule, String destination, String study, String series) {
            String scope = rule.when() == Trigger.STUDY ? STUDY : rule.when() == Trigger.SERIES ? series : "";
            return new Key(study, destination, scope);
        }

        @Override
        public int compareTo(Key other) {
            int byStudy = study.compareTo(other.study);
            int byDestination = byStudy != 0 ? byStudy : destination.compareTo(other.destination);
            return byDestination != 0 ? byDestination : scope.compareTo(other.scope);
        }
    }

    /**
     * @param isBack whether it came from the destination itself
     * @param handledBy the rule whose options count; empty if it has none, or if there is no rule
     */
    record Target(long instanceId, long objectId, boolean isBack, String handledBy) {}

    private final Key key;
    private final String rule;
    private Duration delay;
    private int priority;
    private final Map<Long, Target> targets = new LinkedHashMap<>();

    /** @param delay until the objects may be sent: since the arrival of each, or of the last of its scope */
    Order(Key key, String rule, Duration delay) {
        this.key = key;
        this.rule = rule;
        this.delay = delay;
    }

    static Duration delay(Rule rule) {
        return switch (rule.when()) {
            case SERIES, STUDY -> rule.quiet().plus(rule.delay());
            case INSTANCE, COMMITMENT, MANUAL -> rule.delay();
        };
    }

    /**
     * What several rules select is sent once: as urgently, and as soon, as the most urgent of them says, and handled as the first that
     * selected it says.
     */
    void add(Target target, int urgency, Duration wanted) {
        targets.putIfAbsent(target.objectId(), target);
        priority = Math.max(priority, urgency);
        delay = delay.compareTo(wanted) <= 0 ? delay : wanted;
    }

    Key key() {
        return key;
    }

    String rule() {
        return rule;
    }

    Duration delay() {
        return delay;
    }

    int priority() {
        return priority;
    }

    List<Target> targets() {
        return List.copyOf(targets.values());
    }
}
