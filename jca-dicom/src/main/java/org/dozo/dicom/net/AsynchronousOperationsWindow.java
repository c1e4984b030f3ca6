// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

/** How many operations may be outstanding in each direction, PS3.7 §D.3.3.3; 0 is unlimited. */
public record AsynchronousOperationsWindow(int invoked, int performed) {

    /** What this side always answers: one after the other. */
    public static final AsynchronousOperationsWindow SYNCHRONOUS = new AsynchronousOperationsWindow(1, 1);
}
