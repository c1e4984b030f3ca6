// SPDX-License-Identifier: Apache-2.0
package org.dozo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.EvaluationResult;
import fixture.house.dicom.StoreDoor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dozo.dicom.StoreListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Dozo keeps the rules of its house, and the rules bite: each is tried on a small house ({@code fixture.house}) whose faults
 * carry {@link Breaks}, and must find these and no others.
 */
class ArchitectureTest {

    private static final String FIXTURE = "fixture.house";
    private static final Pattern NAMED = Pattern.compile("<([\\w.$]+)");

    private static final JavaClasses DOZO = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.dozo");
    private static final JavaClasses HOUSE = new ClassFileImporter().importPackages(FIXTURE);

    @Test
    void theClassFilesOfThisJavaAreRead() {
        assertTrue(DOZO.contain(StoreListener.class), "no class of jca-dicom was read");
        assertTrue(HOUSE.contain(StoreDoor.class), "no class of the fixture house was read");
        assertFalse(DOZO.contain(ArchitectureTest.class), "tests are not part of the house");
    }

    @ParameterizedTest
    @EnumSource(HouseRule.class)
    void dozoKeepsTheRule(HouseRule rule) {
        rule.under("org.dozo").check(DOZO);
    }

    @ParameterizedTest
    @EnumSource(HouseRule.class)
    void theRuleFindsItsFaultsAndNoOthers(HouseRule rule) {
        Set<String> planted = HOUSE.stream()
                .filter(type -> type.isAnnotatedWith(Breaks.class))
                .filter(type -> Arrays.asList(
                                type.getAnnotationOfType(Breaks.class).value())
                        .contains(rule))
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertFalse(planted.isEmpty(), "no class of the fixture house breaks " + rule);
        assertEquals(planted, found(rule.under(FIXTURE).evaluate(HOUSE)));
    }

    /** The classes at fault: the first name in angle brackets of each line that a rule reports. */
    private static Set<String> found(EvaluationResult result) {
        return result.getFailureReport().getDetails().stream()
                .flatMap(String::lines)
                .map(NAMED::matcher)
                .filter(Matcher::find)
                .map(name -> owner(name.group(1)))
                .flatMap(Optional::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Optional<String> owner(String classOrMember) {
        return HOUSE.stream()
                .map(JavaClass::getName)
                .filter(type -> classOrMember.equals(type) || classOrMember.startsWith(type + "."))
                .max(Comparator.comparingInt(String::length));
    }
}
