// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

/** What the peer has sent while this side was busy with an operation. */
public enum Arrival {
    NOTHING,
    /** A message, whole or in part: {@link UpperLayer#receive} does not wait for its first byte. */
    MESSAGE,
    /** A-RELEASE-RQ; it is left for {@link UpperLayer#receive}. */
    RELEASE
}
