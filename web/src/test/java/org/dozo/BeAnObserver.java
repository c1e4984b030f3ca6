// SPDX-License-Identifier: Apache-2.0
package org.dozo;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** A parameter of the method carries {@code @Observes} or {@code @ObservesAsync}; ArchUnit counts neither as a dependency. */
final class BeAnObserver extends ArchCondition<JavaMethod> {

    BeAnObserver() {
        super("be an observer of events");
    }

    @Override
    public void check(JavaMethod method, ConditionEvents events) {
        boolean observes = method.getParameters().stream()
                .anyMatch(parameter -> parameter.isAnnotatedWith("jakarta.enterprise.event.Observes")
                        || parameter.isAnnotatedWith("jakarta.enterprise.event.ObservesAsync"));
        events.add(new SimpleConditionEvent(
                method, observes, "Method <" + method.getFullName() + "> observes: call the service instead"));
    }
}
