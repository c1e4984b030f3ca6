// SPDX-License-Identifier: Apache-2.0
package org.dozo;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaStaticInitializer;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A static field is final and cannot change inside, or never does. A field declared as {@code List}, {@code Set} or {@code Map}
 * passes when its class's initialiser makes no mutable collection or copies it into an unmodifiable one; also a table that is not
 * public, filled by the initialiser and changed by nobody after it. A table in an array passes while it is private.
 *
 * <p><em>Pitfalls:</em> it takes a changing call on the line of the field's use, or the next, for a call on the field; it does not
 * follow a field into a variable, and does not find a class of our own that is mutable inside.
 */
final class HoldConstantsOnly extends ArchCondition<JavaField> {

    private static final Set<String> MUTABLE_OUTSIDE_COLLECTIONS = Set.of(
            "java.lang.StringBuilder",
            "java.lang.StringBuffer",
            "java.lang.ThreadLocal",
            "java.util.Date",
            "java.util.Calendar",
            "java.util.BitSet",
            "java.util.Properties",
            "java.text.DateFormat",
            "java.text.SimpleDateFormat");

    private static final Pattern CHANGE = Pattern.compile(
            "(add|put|set|remove|replace|merge|compute|offer|poll|push|pop|take|retain|clear|sort|drain).*");

    HoldConstantsOnly() {
        super("hold constants only");
    }

    @Override
    public void check(JavaField field, ConditionEvents events) {
        if (!field.getModifiers().contains(JavaModifier.SYNTHETIC)) {
            String fault = fault(field);
            if (!fault.isEmpty()) {
                events.add(SimpleConditionEvent.violated(field, "Field <" + field.getFullName() + "> " + fault));
            }
        }
    }

    private static String fault(JavaField field) {
        JavaClass type = field.getRawType();
        if (!field.getModifiers().contains(JavaModifier.FINAL)) {
            return "is static but not final";
        }
        if (type.isArray() && !field.getModifiers().contains(JavaModifier.PRIVATE)) {
            return "is a static array that others can write to: make it private, or a List";
        }
        if (type.getPackageName().equals("java.util.concurrent.atomic")
                || MUTABLE_OUTSIDE_COLLECTIONS.stream().anyMatch(type::isAssignableTo)) {
            return "is static and of the mutable type " + type.getName();
        }
        if (isCollection(type) && (!type.isInterface() || (isMadeMutable(field.getOwner()) && mayChange(field)))) {
            return "is a static collection that can change: use List.of, Set.of, Map.of or their copyOf";
        }
        return "";
    }

    private static boolean isCollection(JavaClass type) {
        return type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class);
    }

    private static boolean isMadeMutable(JavaClass owner) {
        JavaStaticInitializer initializer = owner.getStaticInitializer().orElse(null);
        if (initializer == null) {
            return false;
        }
        boolean makesOne =
                initializer.getConstructorCallsFromSelf().stream().anyMatch(call -> isCollection(call.getTargetOwner()))
                        || calls(initializer, name -> name.startsWith("synchronized") || name.equals("newKeySet"));
        return makesOne && !calls(initializer, name -> name.equals("copyOf") || name.startsWith("unmodifiable"));
    }

    private static boolean mayChange(JavaField field) {
        return field.getModifiers().contains(JavaModifier.PUBLIC)
                || field.getAccessesToSelf().stream()
                        .filter(access -> !(access.getOrigin() instanceof JavaStaticInitializer))
                        .anyMatch(HoldConstantsOnly::changes);
    }

    private static boolean changes(JavaAccess<?> access) {
        return access.getOrigin().getMethodCallsFromSelf().stream()
                .filter(call -> call.getLineNumber() == access.getLineNumber()
                        || call.getLineNumber() == access.getLineNumber() + 1)
                .anyMatch(call -> isCollection(call.getTargetOwner())
                        && CHANGE.matcher(call.getTarget().getName()).matches());
    }

    private static boolean calls(JavaStaticInitializer initializer, Predicate<String> method) {
        Stream<String> names = initializer.getMethodCallsFromSelf().stream()
                .map(JavaAccess::getTarget)
                .filter(target -> target.getOwner().getPackageName().startsWith("java.util"))
                .map(target -> target.getName());
        return names.anyMatch(method);
    }
}
