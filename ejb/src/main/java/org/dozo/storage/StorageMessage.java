// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import org.jspecify.annotations.Nullable;

/** The numbered lines for operators; docs/operations/log-lines-storage.md says what to do about each. */
enum StorageMessage {
    VOLUME_INITIALISED(1, INFO, "Volume %s was initialised in %s"),
    VOLUME_ONLINE(2, INFO, "Volume %s is ONLINE in %s"),
    VOLUME_ADOPTED(3, INFO, "Volume %s is ADOPTED: %s"),
    VOLUME_FULL(10, WARNING, "Volume %s is FULL: %s. Free space on it, lower storage.reserve, or add a volume"),
    VOLUME_READ_ONLY(11, ERROR, "Volume %s is READ_ONLY: %s. Look for errors of its disk, then remount it writable"),
    VOLUME_FAILED(
            12, ERROR, "Volume %s is FAILED: %s. It is probed and comes back by itself once a test write succeeds"),
    VOLUME_EMPTY(13, ERROR, "Volume %s is EMPTY: %s. Mount its disk; nothing is written until its marker is there"),
    VOLUME_FOREIGN(14, ERROR, "Volume %s is FOREIGN: %s. Mount the right disk, or give another directory"),
    VOLUME_MISSING(15, ERROR, "Volume %s is MISSING: %s. Mount its disk, or correct storage.volumes"),
    VOLUME_UNCHECKED(16, WARNING, "Volume %s cannot be checked: %s. It is tried again; is the database up?"),
    TOO_FEW_VOLUMES(
            20,
            ERROR,
            "Only %s of the %s volumes that storage.min-copies asks for can be written: objects are refused with A700"),
    ENOUGH_VOLUMES(21, INFO, "%s volumes can be written, storage.min-copies asks for %s: objects are accepted"),
    COPY_GIVEN_UP(22, WARNING, "A copy of object %s on volume %s was given up: %s"),
    RECOVERED(
            30,
            INFO,
            "Volume %s: of the staging entries left behind, %s objects were recorded and stay, %s were not and were removed"),
    RECOVERY_POSTPONED(
            31, WARNING, "Volume %s: staging entries left behind could not be settled: %s. They are tried again"),
    LEFT_IN_DOUBT(
            32,
            WARNING,
            "Whether object %s was committed is not known: its files stay until recovery has asked the database"),
    STAGING_NAME_LEFT(33, WARNING, "Object %s: a file on volume %s could not be unlinked: %s. Recovery tries again");

    private static final System.Logger LOG = System.getLogger("org.dozo.storage");

    private final int number;
    private final System.Logger.Level level;
    private final String text;

    StorageMessage(int number, System.Logger.Level level, String text) {
        this.number = number;
        this.level = level;
        this.text = text;
    }

    /** {@code DOZO-STO-010}. */
    String code() {
        return "DOZO-STO-%03d".formatted(number);
    }

    void log(@Nullable Object... arguments) {
        LOG.log(level, code() + " " + text.formatted(arguments));
    }

    static StorageMessage of(VolumeState state) {
        return switch (state) {
            case UNCHECKED -> VOLUME_UNCHECKED;
            case ONLINE -> VOLUME_ONLINE;
            case ADOPTED -> VOLUME_ADOPTED;
            case FULL -> VOLUME_FULL;
            case READ_ONLY -> VOLUME_READ_ONLY;
            case FAILED -> VOLUME_FAILED;
            case EMPTY -> VOLUME_EMPTY;
            case FOREIGN -> VOLUME_FOREIGN;
            case MISSING -> VOLUME_MISSING;
        };
    }
}
