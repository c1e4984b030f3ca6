// SPDX-License-Identifier: Apache-2.0
package org.dozo;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.function.Function;

/** The rules of the house: the never-arrows of docs/architecture.md and what else a machine can check of the conventions. */
public enum HouseRule {
    JCA_DICOM_KNOWS_NOTHING_OF_THE_ARCHIVE(plan -> noClasses()
            .that()
            .resideInAnyPackage(plan.jcaDicom())
            .should()
            .dependOnClassesThat(resideInAPackage(plan.everything())
                    .and(resideInAnyPackage(plan.jcaDicom()).negate()))),

    EJB_NEVER_IMPORTS_WEB(plan -> noClasses()
            .that()
            .resideInAnyPackage(plan.ejb())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(plan.web())),

    EJB_NEVER_IMPORTS_THE_NETWORK(plan -> noClasses()
            .that()
            .resideInAnyPackage(plan.ejb())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(plan.network())),

    WEB_NEVER_IMPORTS_THE_NETWORK(plan -> noClasses()
            .that()
            .resideInAnyPackage(plan.web())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(plan.wires())),

    WEB_NEVER_TOUCHES_THE_DATABASE(plan -> noClasses()
            .that()
            .resideInAnyPackage(plan.web())
            .should()
            .dependOnClassesThat(
                    // That the database failed must reach the one FailureMapper; nothing else of JDBC may.
                    resideInAnyPackage("java.sql..", "javax.sql..", "jakarta.persistence..", "org.hibernate..")
                            .and(not(equivalentTo(java.sql.SQLException.class)))
                            .or(annotatedWith("jakarta.persistence.Entity")))),

    FEATURES_NEVER_MEET(plan -> HousePlan.FEATURES.stream()
            .<ArchRule>map(feature -> noClasses()
                    .that()
                    .resideInAPackage(plan.tree(feature))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(plan.strangersOf(feature))
                    .allowEmptyShould(true))
            .reduce((one, other) -> CompositeArchRule.of(one).and(other))
            .orElseThrow()),

    FOUNDATIONS_NEVER_IMPORT_FEATURES(plan -> noClasses()
            .that()
            .resideInAnyPackage(plan.foundations())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(plan.features())),

    SHARED_IMPORTS_NOTHING_OF_OURS(plan -> noClasses()
            .that()
            .resideInAPackage(plan.tree("shared"))
            .should()
            .dependOnClassesThat(resideInAPackage(plan.everything())
                    .and(resideInAPackage(plan.tree("shared")).negate()))),

    SOFT_STATE_ONLY_IN_CLUSTER(plan -> noClasses()
            .that()
            .resideOutsideOfPackage(plan.tree("cluster"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.infinispan..", "org.jgroups..", "org.wildfly.clustering..")),

    CLOUDS_ONLY_IN_SENDING(plan -> noClasses()
            .that()
            .resideOutsideOfPackage(plan.tree("sending"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon..")),

    JMS_ONLY_RINGS_THE_BELL(plan -> noClasses()
            .that(resideInAPackage(plan.tree("jobs"))
                    .negate()
                    .and(nameMatching(".*Mdb(\\$.*)?").negate().forSubtype()))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.jms..")),

    SERVER_SOCKETS_ONLY_IN_JCA_DICOM(plan -> noClasses()
            .that()
            .resideOutsideOfPackages(plan.jcaDicom())
            .should()
            .dependOnClassesThat(assignableTo("java.net.ServerSocket")
                    .or(assignableTo("java.nio.channels.ServerSocketChannel"))
                    .or(assignableTo("java.nio.channels.AsynchronousServerSocketChannel"))
                    .or(assignableTo("javax.net.ServerSocketFactory")))),

    PACKAGES_HAVE_NO_CYCLES(
            plan -> slices().matching(plan.root() + ".(**)").should().beFreeOfCycles()),

    NOTHING_OBSERVES(plan -> noMethods().should(new BeAnObserver())),

    NO_STATIC_MUTABLE_STATE(plan -> fields().that().areStatic().should(new HoldConstantsOnly())),

    NAMES_SAY_WHAT_A_THING_IS(
            plan -> noClasses().should().haveNameMatching(".*(Impl|Manager|Helper|Utils?|Processor)(\\$.*)?")),

    EVERY_PACKAGE_DESCRIBES_ITSELF(plan -> classes().should(new LiveInADescribedPackage())),

    EVERY_PACKAGE_IS_ON_THE_PLAN(
            plan -> classes()
                    .should()
                    .resideInAnyPackage(plan.everyPackage())
                    .because(
                            "a package that HousePlan does not list escapes the other rules: put it there, and into docs/architecture.md"));

    @SuppressWarnings("ImmutableEnumChecker") // the definitions capture nothing
    private final Function<HousePlan, ArchRule> definition;

    HouseRule(Function<HousePlan, ArchRule> definition) {
        this.definition = definition;
    }

    /** This rule for the house built under {@code root}; it holds as well while the packages it speaks of are missing. */
    ArchRule under(String root) {
        return definition.apply(new HousePlan(root)).allowEmptyShould(true);
    }
}
