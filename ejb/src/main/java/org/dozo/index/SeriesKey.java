// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

/** Where an object says that it belongs. */
record SeriesKey(String studyInstanceUid, String seriesInstanceUid, PatientIdentity patient) {}
