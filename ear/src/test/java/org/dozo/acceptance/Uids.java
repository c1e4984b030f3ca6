// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

/** Of an object of a load: its own UID begins with its series', and that with its study's. */
record Uids(String study, String series, String instance) {

    static Uids of(String instance) {
        String series = parent(instance);
        return new Uids(parent(series), series, instance);
    }

    private static String parent(String uid) {
        return uid.substring(0, uid.lastIndexOf('.'));
    }

    /** Where DICOMweb has its series. */
    String seriesPath() {
        return "/dicomweb/studies/" + study + "/series/" + series;
    }

    /** Where DICOMweb has it. */
    String path() {
        return seriesPath() + "/instances/" + instance;
    }
}
