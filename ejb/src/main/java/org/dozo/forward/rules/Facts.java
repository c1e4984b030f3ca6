// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** What is known of one instance when a condition is put to it. */
public interface Facts {

    /**
     * The values of an attribute, without padding and without empty ones; of one within sequences those of all items.
     *
     * @param tagPath the tags of the sequences, then that of the attribute
     */
    List<String> values(int... tagPath);

    /** As {@link #values(int...)}, where private blocks are found by their creators. */
    default List<String> values(AttributePath path) {
        return values(path.tags());
    }

    /** Whether the attribute has a value; a sequence, whether it has an item. */
    default boolean exists(AttributePath path) {
        return !values(path).isEmpty();
    }

    /** Who sent it; empty if not known. */
    String sourceAeTitle();

    /** From where, in figures; {@code file} if it did not come by the network. */
    String sourceAddress();

    /** Whether it is of an emergency. */
    boolean isStat();

    /** Empty if the object has none that is a date. */
    Optional<LocalDate> studyDate();

    /** Whether it is rejected, or says what is rejected: IHE RAD TF-2, Imaging Object Change Management. */
    boolean rejected();

    /** What day it is, for the age of the study. */
    default LocalDate today() {
        return LocalDate.now(java.time.ZoneId.systemDefault());
    }
}
