// SPDX-License-Identifier: Apache-2.0
package org.dozo;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/** The class's package has a {@code package-info.java} that is {@code @NullMarked}; without an annotation none is compiled. */
final class LiveInADescribedPackage extends ArchCondition<JavaClass> {

    LiveInADescribedPackage() {
        super("live in a package with a @NullMarked package-info.java");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        boolean described = type.getPackage()
                .tryGetPackageInfo()
                .filter(info -> info.isAnnotatedWith(NullMarked.class))
                .isPresent();
        if (!described) {
            events.add(SimpleConditionEvent.violated(
                    type,
                    "Class <" + type.getName() + "> lives in a package without a @NullMarked package-info.java: "
                            + "write one that says what the package is and what it must never know"));
        }
    }
}
