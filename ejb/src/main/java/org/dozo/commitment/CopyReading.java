// SPDX-License-Identifier: Apache-2.0
package org.dozo.commitment;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Optional;
import java.util.logging.Logger;
import org.dozo.dicom.data.SopClasses;
import org.dozo.index.FixityCatalogue;
import org.dozo.index.KeptInstance;
import org.dozo.index.KeptInstance.KeptCopy;
import org.dozo.index.KeptInstance.KeptObject;
import org.dozo.storage.CopyCondition;
import org.dozo.storage.ObjectStorage;
import org.dozo.storage.StorageSettings;
import org.jspecify.annotations.Nullable;

/** Decides on one instance by reading all its copies again, of every object that was ever kept of it: none of them may be lost. */
@Singleton
public class CopyReading {

    static final int COMMITTED = 0;
    static final int PROCESSING_FAILURE = 0x0110;
    static final int NO_SUCH_OBJECT_INSTANCE = 0x0112;
    static final int CLASS_INSTANCE_CONFLICT = 0x0119;
    static final int SOP_CLASS_NOT_SUPPORTED = 0x0122;
    static final int RESOURCE_LIMITATION = 0x0213;

    private static final Logger LOG = Logger.getLogger(CopyReading.class.getName());

    private final FixityCatalogue catalogue;
    private final ObjectStorage storage;
    private final int minCopies;

    @Inject
    public CopyReading(FixityCatalogue catalogue, ObjectStorage storage, StorageSettings settings) {
        this(catalogue, storage, settings.minCopies());
    }

    CopyReading(FixityCatalogue catalogue, ObjectStorage storage, int minCopies) {
        this.catalogue = catalogue;
        this.storage = storage;
        this.minCopies = minCopies;
    }

    /**
     * {@link #COMMITTED}, or Failure Reason (0008,1197), PS3.3 §C.14.
     *
     * @param kept null if there is no such instance
     * @return empty if it can't be told now: too many volumes can't be read
     */
    Optional<Integer> judge(String sopClassUid, @Nullable KeptInstance kept) throws SQLException {
        if (kept == null) {
            return Optional.of(isKeptNowhere(sopClassUid) ? SOP_CLASS_NOT_SUPPORTED : NO_SUCH_OBJECT_INSTANCE);
        }
        if (!kept.sopClassUid().equals(sopClassUid)) {
            return Optional.of(CLASS_INSTANCE_CONFLICT);
        }
        for (KeptObject object : kept.objects()) {
            Optional<Integer> reason = read(object);
            if (reason.isEmpty() || reason.get() != COMMITTED) {
                return reason;
            }
        }
        return Optional.of(COMMITTED);
    }

    private Optional<Integer> read(KeptObject object) throws SQLException {
        int good = 0;
        int bad = 0;
        for (KeptCopy copy : object.copies()) {
            CopyCondition condition = storage.verify(copy.copy(), object.fixity());
            good += condition == CopyCondition.GOOD ? 1 : 0;
            bad += condition == CopyCondition.DAMAGED || condition == CopyCondition.GONE ? 1 : 0;
            record(object, copy, condition);
        }
        int unread = object.copies().size() - good - bad;
        if (good >= minCopies) {
            return Optional.of(COMMITTED);
        }
        if (good + unread >= minCopies) {
            return Optional.empty();
        }
        return Optional.of(bad > 0 || good == 0 ? PROCESSING_FAILURE : RESOURCE_LIMITATION);
    }

    private void record(KeptObject object, KeptCopy copy, CopyCondition condition) throws SQLException {
        if (condition == CopyCondition.UNKNOWN || (condition == CopyCondition.GOOD) != copy.suspect()) {
            return;
        }
        if (catalogue.record(object, copy.copy(), condition == CopyCondition.GOOD) && !copy.suspect()) {
            LOG.warning(() -> "DOZO-COM-002 The copy of object " + object.name() + " on volume "
                    + copy.copy().volumeName() + " is " + condition
                    + "; it counts for no storage commitment. Remedy: check the volume, then ./dozo verify");
        }
    }

    /** Of the standard, and none whose objects are stored here. Private classes are a matter of configuration. */
    private static boolean isKeptNowhere(String sopClassUid) {
        boolean known = !SopClasses.name(sopClassUid).equals(sopClassUid);
        return known && (!SopClasses.isStorage(sopClassUid) || SopClasses.isNonPatientObject(sopClassUid));
    }
}
