// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

/** What a volume is good for at this moment. Only {@link #ONLINE} volumes are written. */
public enum VolumeState {
    /** Not checked yet: the start is not complete, or the database has not said whether the volume is registered. */
    UNCHECKED,
    /** Its marker is right, it has room, and nothing has failed on it. */
    ONLINE,
    /** Fewer bytes free than {@code storage.reserve}, or a write found no space or no inode. Read, not written. */
    FULL,
    /** Its files cannot be created: mounted read-only, or no permission. Read, not written. */
    READ_ONLY,
    /** An input or output error, or no answer in time: suspect until a probe succeeds. Read, not written. */
    FAILED,
    /** Another archive's tree ({@code storage.adopted}): read, never written. As it should be. */
    ADOPTED,
    /** Registered, but its directory holds neither marker nor anything else: most likely its disk is not mounted. */
    EMPTY,
    /** Its directory holds another volume's marker, or files and no marker: another disk is mounted there. */
    FOREIGN,
    /** Its directory does not exist. */
    MISSING;

    /** Whether the files in the volume's directory are the volume's own, so that copies on it may be read. */
    public boolean isReadable() {
        return this == ADOPTED || this == ONLINE || this == FULL || this == READ_ONLY || this == FAILED;
    }
}
