// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dozo.dicom.QueryOption;
import org.dozo.dicom.RetrieveRequest;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.Uid;
import org.dozo.index.InstanceSelection;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * What the identifier of a C-MOVE or C-GET selects, PS3.4 §C.4.2.2.1: at the level asked for one or more unique keys, at each level
 * above exactly one; with relational retrieval those above may be missing.
 */
final class RetrieveIdentifier {

    /** The levels of the information models, from the top. */
    private enum Level {
        PATIENT(Tag.PATIENT_ID, "Patient ID (0010,0020)"),
        STUDY(Tag.STUDY_INSTANCE_UID, "Study Instance UID (0020,000D)"),
        SERIES(Tag.SERIES_INSTANCE_UID, "Series Instance UID (0020,000E)"),
        IMAGE(Tag.SOP_INSTANCE_UID, "SOP Instance UID (0008,0018)");

        private final int key;
        private final String keyName;

        Level(int key, String keyName) {
            this.key = key;
            this.keyName = keyName;
        }
    }

    private static final List<Level> PATIENT_ROOT = List.of(Level.PATIENT, Level.STUDY, Level.SERIES, Level.IMAGE);
    private static final List<Level> STUDY_ROOT = List.of(Level.STUDY, Level.SERIES, Level.IMAGE);
    private static final List<Level> PATIENT_STUDY_ONLY = List.of(Level.PATIENT, Level.STUDY);

    /** By SOP class of C-MOVE and C-GET, PS3.4 §C.6. */
    private static final Map<String, List<Level>> MODELS = Map.of(
            "1.2.840.10008.5.1.4.1.2.1.2", PATIENT_ROOT,
            "1.2.840.10008.5.1.4.1.2.1.3", PATIENT_ROOT,
            "1.2.840.10008.5.1.4.1.2.2.2", STUDY_ROOT,
            "1.2.840.10008.5.1.4.1.2.2.3", STUDY_ROOT,
            "1.2.840.10008.5.1.4.1.2.3.2", PATIENT_STUDY_ONLY,
            "1.2.840.10008.5.1.4.1.2.3.3", PATIENT_STUDY_ONLY);

    private RetrieveIdentifier() {}

    /** @throws FailureException {@link Failure#DATA_SET_MISMATCH} naming the attribute */
    static InstanceSelection selection(RetrieveRequest request) {
        List<Level> model = MODELS.get(request.affectedSopClassUid());
        if (model == null) {
            throw mismatch("No retrieval of SOP class " + request.affectedSopClassUid());
        }
        Dataset identifier = request.identifier();
        int asked = model.indexOf(level(identifier, model));
        boolean relational = request.options().contains(QueryOption.RELATIONAL);
        List<List<String>> keys = new ArrayList<>();
        for (Level level : Level.values()) {
            int depth = model.indexOf(level);
            keys.add(
                    depth < 0 || depth > asked
                            ? List.of()
                            : keys(identifier, level, depth == asked, relational && depth < asked));
        }
        return new InstanceSelection(keys.get(0), keys.get(1), keys.get(2), keys.get(3));
    }

    private static Level level(Dataset identifier, List<Level> model) {
        String name = identifier.getString(Tag.QUERY_RETRIEVE_LEVEL, "");
        return Arrays.stream(Level.values())
                .filter(level -> level.name().equals(name) && model.contains(level))
                .findFirst()
                .orElseThrow(() -> mismatch("Query/Retrieve Level (0008,0052) is not one of " + model));
    }

    private static List<String> keys(Dataset identifier, Level level, boolean list, boolean optional) {
        List<String> values = identifier.getStrings(level.key).stream()
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
        if (values.isEmpty() && !optional) {
            throw mismatch(level.keyName + " is missing");
        }
        // A list is allowed of UIDs only, and only at the level asked for.
        if (values.size() > 1 && (!list || level == Level.PATIENT)) {
            throw mismatch(level.keyName + " has more than one value");
        }
        if (level != Level.PATIENT && !values.stream().allMatch(Uid::isValid)) {
            throw mismatch(level.keyName + " is not a valid UID");
        }
        return values;
    }

    private static FailureException mismatch(String fault) {
        return new FailureException(Failure.DATA_SET_MISMATCH, fault);
    }
}
