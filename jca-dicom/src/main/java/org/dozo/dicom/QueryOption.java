// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

/** The options of SOP class extended negotiation for query and retrieve, in the order of their bytes, PS3.4 §C.5.1.1 and §C.5.2.1. */
public enum QueryOption {
    /** Relational queries or retrievals. */
    RELATIONAL,
    /** Date and time ranges are matched as one combined range. Queries only. */
    COMBINED_DATE_TIME,
    /** Fuzzy semantic matching of person names. Queries only. */
    FUZZY_PERSON_NAMES,
    /** Timezone Offset From UTC is the zone of dates and times, PS3.4 §C.2.2.2. Queries only. */
    TIMEZONE_ADJUSTMENT,
    /** Enhanced multi-frame image conversion: never agreed to. */
    ENHANCED_MULTI_FRAME_CONVERSION
}
