// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import org.dozo.dicom.data.Dataset;

/**
 * A question to the archive, from whichever door. Always relational: what a hierarchical query must hold is the business of the door
 * that has one.
 *
 * @param identifier keys and return keys, PS3.4 §C.4.1.1.3: one with a value is matched, an empty one (or an empty sequence, or one with
 *     an empty item) is only returned. Specific Character Set tells how its text is written; Query/Retrieve Level is
 *     passed over. Not changed.
 * @param fuzzy whether patients are also found by the sound of their names, see docs/conformance/query.md
 * @param combinedDateTime whether a date and the time that belongs to it are matched as one moment, PS3.4 §C.2.2.2.5
 * @param timezoneAdjustment whether Timezone Offset From UTC of the identifier, if it has a value, is the zone of its dates and times and
 *     of those of the matches, PS3.4 §C.2.2.2; it is passed over otherwise
 * @param everyAttribute whether all attributes of the level and those above are returned, whatever the identifier asks for
 */
public record StudyQuery(
        QueryLevel level,
        Dataset identifier,
        boolean fuzzy,
        boolean combinedDateTime,
        boolean timezoneAdjustment,
        boolean everyAttribute,
        Page page) {

    /** All matches of the plain rules, with the attributes asked for. */
    public static StudyQuery of(QueryLevel level, Dataset identifier) {
        return new StudyQuery(level, identifier, false, false, false, false, Page.ALL);
    }
}
