// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.net.URI;

/** Retrieve URL (0008,1190) of what can be had by WADO-RS, PS3.18 §10.4.1. The UIDs given are valid ones. */
final class RetrieveUrls {

    private final String base;

    /** @param base of this service, as the client called it */
    RetrieveUrls(URI base) {
        String text = base.toString();
        this.base = text.endsWith("/") ? text : text + "/";
    }

    String study(String study) {
        return base + "studies/" + study;
    }

    String series(String study, String series) {
        return study(study) + "/series/" + series;
    }

    String instance(String study, String series, String instance) {
        return series(study, series) + "/instances/" + instance;
    }
}
