// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

/** The counts of the C-STORE sub-operations of a retrieval, PS3.7 §9.1.3.1: each 0 or more; 65535 stands for more. */
public record SubOperations(int remaining, int completed, int failed, int warning) {

    /** Nothing is to be sent. */
    public static final SubOperations NONE = new SubOperations(0, 0, 0, 0);
}
