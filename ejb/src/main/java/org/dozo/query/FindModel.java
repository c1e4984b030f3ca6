// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.util.EnumSet;
import java.util.Set;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** The information models of C-FIND, PS3.4 §C.6, with the levels that each has from its root down. */
@SuppressWarnings("ImmutableEnumChecker") // Nobody is given the sets.
enum FindModel {
    PATIENT_ROOT("1.2.840.10008.5.1.4.1.2.1.1", EnumSet.allOf(QueryLevel.class)),
    STUDY_ROOT("1.2.840.10008.5.1.4.1.2.2.1", EnumSet.range(QueryLevel.STUDY, QueryLevel.IMAGE)),
    /** Retired. */
    PATIENT_STUDY_ONLY("1.2.840.10008.5.1.4.1.2.3.1", EnumSet.range(QueryLevel.PATIENT, QueryLevel.STUDY));

    private final String sopClassUid;
    private final Set<QueryLevel> levels;

    FindModel(String sopClassUid, Set<QueryLevel> levels) {
        this.sopClassUid = sopClassUid;
        this.levels = levels;
    }

    /** @throws FailureException {@link Failure#BAD_IDENTIFIER} if it is none of these classes */
    static FindModel of(String sopClassUid) {
        for (FindModel model : values()) {
            if (model.sopClassUid.equals(sopClassUid)) {
                return model;
            }
        }
        throw new FailureException(Failure.BAD_IDENTIFIER, "The archive does not answer C-FIND of this SOP class");
    }

    /**
     * The level that an identifier asks for.
     *
     * @throws FailureException {@link Failure#BAD_IDENTIFIER} if it names none of this model
     */
    QueryLevel level(Dataset identifier) {
        String name = identifier.getString(Tag.QUERY_RETRIEVE_LEVEL, "");
        for (QueryLevel level : levels) {
            if (level.name().equals(name)) {
                return level;
            }
        }
        throw Keys.bad(Tag.QUERY_RETRIEVE_LEVEL, "is none of " + levels + ", the levels of this SOP class");
    }

    /**
     * Refuses what only a relational query may ask: one without the unique key of every level above its own, PS3.4 §C.4.1.2.1.
     *
     * @throws FailureException {@link Failure#BAD_IDENTIFIER} naming the key
     */
    void requireHierarchy(QueryLevel level, Dataset identifier) {
        for (QueryLevel above : levels) {
            if (above.compareTo(level) < 0) {
                String value = String.join("\\", identifier.getStrings(above.uniqueKey()));
                if (value.isEmpty() || value.indexOf('\\') >= 0 || new Glob(value).hasWildcard()) {
                    throw Keys.bad(
                            above.uniqueKey(), "must have one value at this level, or relational queries be agreed on");
                }
            }
        }
    }
}
