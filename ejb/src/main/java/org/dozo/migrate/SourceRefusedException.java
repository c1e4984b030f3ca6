// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import org.dozo.dicom.DimseStatus;

/** The source has answered, but not with success. The association goes on. */
final class SourceRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean isOfUs;

    private SourceRefusedException(String message, boolean isOfUs) {
        super(message);
        this.isOfUs = isOfUs;
    }

    static SourceRefusedException of(String operation, String source, DimseStatus status) {
        return new SourceRefusedException(source + " answered " + operation + " with " + status, false);
    }

    /** It will refuse every study, or can't even be asked, until somebody changes its configuration or ours. */
    static SourceRefusedException ofUs(String message) {
        return new SourceRefusedException(message, true);
    }

    /** It has said too much, or what it says can't be. */
    static SourceRefusedException because(String message) {
        return new SourceRefusedException(message, false);
    }

    boolean isOfUs() {
        return isOfUs;
    }
}
