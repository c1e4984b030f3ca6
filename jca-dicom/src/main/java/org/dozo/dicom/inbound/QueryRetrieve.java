// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.dozo.dicom.FindListener;
import org.dozo.dicom.GetListener;
import org.dozo.dicom.MoveListener;
import org.dozo.dicom.QueryOption;
import org.dozo.dicom.data.SopClasses;
import org.jspecify.annotations.Nullable;

/** The three services of Query/Retrieve, PS3.4 C: their SOP classes, who performs them, what is agreed on for them. */
@SuppressWarnings("ImmutableEnumChecker") // The lists are made by List.of.
enum QueryRetrieve {
    FIND(
            FindListener.class,
            List.of(SopClasses.PATIENT_ROOT_FIND, SopClasses.STUDY_ROOT_FIND, SopClasses.PATIENT_STUDY_ONLY_FIND),
            List.of(
                    QueryOption.RELATIONAL,
                    QueryOption.COMBINED_DATE_TIME,
                    QueryOption.FUZZY_PERSON_NAMES,
                    QueryOption.TIMEZONE_ADJUSTMENT,
                    QueryOption.ENHANCED_MULTI_FRAME_CONVERSION)),
    MOVE(
            MoveListener.class,
            List.of(SopClasses.PATIENT_ROOT_MOVE, SopClasses.STUDY_ROOT_MOVE, SopClasses.PATIENT_STUDY_ONLY_MOVE),
            List.of(QueryOption.RELATIONAL, QueryOption.ENHANCED_MULTI_FRAME_CONVERSION)),
    GET(
            GetListener.class,
            List.of(SopClasses.PATIENT_ROOT_GET, SopClasses.STUDY_ROOT_GET, SopClasses.PATIENT_STUDY_ONLY_GET),
            List.of(QueryOption.RELATIONAL, QueryOption.ENHANCED_MULTI_FRAME_CONVERSION));

    private static final Set<QueryOption> UNSUPPORTED = Set.of(QueryOption.ENHANCED_MULTI_FRAME_CONVERSION);

    private final Class<?> listener;
    private final List<String> sopClassUids;
    /** In the order of their bytes, PS3.4 §C.5.1.1 and §C.5.2.1. */
    private final List<QueryOption> options;

    QueryRetrieve(Class<?> listener, List<String> sopClassUids, List<QueryOption> options) {
        this.listener = listener;
        this.sopClassUids = sopClassUids;
        this.options = options;
    }

    /** The service that a SOP class belongs to; null if it is none of these. */
    static @Nullable QueryRetrieve of(String sopClassUid) {
        for (QueryRetrieve service : values()) {
            if (service.sopClassUids.contains(sopClassUid)) {
                return service;
            }
        }
        return null;
    }

    Class<?> listener() {
        return listener;
    }

    /**
     * The answer to the application information of an extended negotiation: what is proposed and supported is agreed on. It is
     * as long as the proposal: what that leaves out is not supported by the peer, and what this side does not know not by it.
     */
    byte[] answer(byte[] proposed) {
        byte[] agreed = new byte[Math.min(proposed.length, options.size())];
        for (int i = 0; i < agreed.length; i++) {
            agreed[i] = (byte) (proposed[i] == 1 && !UNSUPPORTED.contains(options.get(i)) ? 1 : 0);
        }
        return agreed;
    }

    /** What an answer agrees to. */
    Set<QueryOption> options(byte[] agreed) {
        Set<QueryOption> set = EnumSet.noneOf(QueryOption.class);
        for (int i = 0; i < agreed.length; i++) {
            if (agreed[i] == 1) {
                set.add(options.get(i));
            }
        }
        return set;
    }
}
