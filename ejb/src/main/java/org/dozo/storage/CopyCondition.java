// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

/** What a fixity check found of one copy. */
public enum CopyCondition {
    /** Both digests and both lengths are right. */
    GOOD,
    /** There, readable, and not the bytes that were kept. */
    DAMAGED,
    /** Its volume can be read, but the file is not there. */
    GONE,
    /** Its volume cannot be read, or an error ended the reading: nothing is known of the copy. */
    UNKNOWN
}
