// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

/** The answer to an association request: accepted, or one of the rejections of PS3.8 §9.3.4 that the archive may ask for. */
public enum Admission {
    ACCEPTED,
    /** Rejected permanent, service user, calling AE title not recognised. */
    CALLING_AE_TITLE_NOT_RECOGNIZED,
    /** Rejected permanent, service user, called AE title not recognised. */
    CALLED_AE_TITLE_NOT_RECOGNIZED,
    /** Rejected transient, service provider (presentation), local limit exceeded: come back later. */
    TEMPORARILY_CONGESTED
}
