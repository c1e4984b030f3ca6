// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

/** Which object is shown when another one with the same SOP Instance UID comes. Both are kept under either. */
public enum DuplicatePolicy {
    KEEP_FIRST,
    /** An object that says it is of another study or series never replaces the first. */
    KEEP_LATEST
}
