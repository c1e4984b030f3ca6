// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The SOP Classes of PS3.4 and PS3.6 A. The facts are in {@code sop-classes.tsv}, which names its edition and source. Private
 * SOP Classes are a matter of configuration and unknown here.
 */
public final class SopClasses {

    public static final String VERIFICATION = "1.2.840.10008.1.1";

    // --- the information models of PS3.4 C.6; Patient/Study Only is retired

    public static final String PATIENT_ROOT_FIND = "1.2.840.10008.5.1.4.1.2.1.1";
    public static final String PATIENT_ROOT_MOVE = "1.2.840.10008.5.1.4.1.2.1.2";
    public static final String PATIENT_ROOT_GET = "1.2.840.10008.5.1.4.1.2.1.3";
    public static final String STUDY_ROOT_FIND = "1.2.840.10008.5.1.4.1.2.2.1";
    public static final String STUDY_ROOT_MOVE = "1.2.840.10008.5.1.4.1.2.2.2";
    public static final String STUDY_ROOT_GET = "1.2.840.10008.5.1.4.1.2.2.3";
    public static final String PATIENT_STUDY_ONLY_FIND = "1.2.840.10008.5.1.4.1.2.3.1";
    public static final String PATIENT_STUDY_ONLY_MOVE = "1.2.840.10008.5.1.4.1.2.3.2";
    public static final String PATIENT_STUDY_ONLY_GET = "1.2.840.10008.5.1.4.1.2.3.3";

    public static final String STORAGE_COMMITMENT = "1.2.840.10008.1.20.1";

    /** The well-known instance of {@link #STORAGE_COMMITMENT}, PS3.4 §J.3.5. */
    public static final String STORAGE_COMMITMENT_INSTANCE = "1.2.840.10008.1.20.1.1";

    /** Instance Availability Notification, PS3.4 §R. */
    public static final String INSTANCE_AVAILABILITY = "1.2.840.10008.5.1.4.33";

    private SopClasses() {}

    private static final class Lazy {
        static final Map<String, String> NAMES = new HashMap<>();
        static final Set<String> STORAGE = new LinkedHashSet<>();
        static final Set<String> NON_PATIENT = new LinkedHashSet<>();

        static {
            for (String[] fields : DataFile.read("sop-classes.tsv", 4)) {
                NAMES.put(fields[0], fields[2] + (fields[3].isEmpty() ? "" : " (Retired)"));
                if (!fields[1].equals("-")) {
                    STORAGE.add(fields[0]);
                }
                if (fields[1].equals("N")) {
                    NON_PATIENT.add(fields[0]);
                }
            }
        }
    }

    /** Whether the standard defines, or once defined, its objects to be sent by C-STORE. */
    public static boolean isStorage(String uid) {
        return Lazy.STORAGE.contains(uid);
    }

    /**
     * The UIDs of all Storage SOP Classes (PS3.4 B.5 and GG.3): retired ones, DICOS and DICONDE included, Media Storage
     * Directory (a DICOMDIR is never sent) not. Unmodifiable, ordered by UID.
     */
    public static Set<String> storage() {
        return Collections.unmodifiableSet(Lazy.STORAGE);
    }

    /** Whether its objects (hanging protocols, palettes, implant templates …, PS3.4 GG.3) belong to no patient or study. */
    public static boolean isNonPatientObject(String uid) {
        return Lazy.NON_PATIENT.contains(uid);
    }

    /** The name the standard gives it, with "(Retired)" where it is; the UID itself if the standard does not know it. */
    public static String name(String uid) {
        return Lazy.NAMES.getOrDefault(uid, uid);
    }
}
