// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.util.List;

/**
 * Which instances are meant: those that match every list that is not empty. Identifiers match as a whole, none has wildcards.
 *
 * @param patientIds Patient ID (0010,0020), of whatever issuer
 * @param studyInstanceUids as filed
 * @param seriesInstanceUids as filed
 * @param sopInstanceUids of the instances themselves
 */
public record InstanceSelection(
        List<String> patientIds,
        List<String> studyInstanceUids,
        List<String> seriesInstanceUids,
        List<String> sopInstanceUids) {

    /** @throws IllegalArgumentException if all lists are empty: that would be the whole archive */
    public InstanceSelection {
        patientIds = List.copyOf(patientIds);
        studyInstanceUids = List.copyOf(studyInstanceUids);
        seriesInstanceUids = List.copyOf(seriesInstanceUids);
        sopInstanceUids = List.copyOf(sopInstanceUids);
        if (patientIds.isEmpty()
                && studyInstanceUids.isEmpty()
                && seriesInstanceUids.isEmpty()
                && sopInstanceUids.isEmpty()) {
            throw new IllegalArgumentException("A selection names at least one patient, study, series or instance");
        }
    }

    public static InstanceSelection ofPatients(List<String> patientIds) {
        return new InstanceSelection(patientIds, List.of(), List.of(), List.of());
    }

    public static InstanceSelection ofStudy(String studyInstanceUid) {
        return new InstanceSelection(List.of(), List.of(studyInstanceUid), List.of(), List.of());
    }

    public static InstanceSelection ofSeries(String studyInstanceUid, String seriesInstanceUid) {
        return new InstanceSelection(List.of(), List.of(studyInstanceUid), List.of(seriesInstanceUid), List.of());
    }

    public static InstanceSelection ofInstance(
            String studyInstanceUid, String seriesInstanceUid, String sopInstanceUid) {
        return new InstanceSelection(
                List.of(), List.of(studyInstanceUid), List.of(seriesInstanceUid), List.of(sopInstanceUid));
    }

    public static InstanceSelection ofInstances(List<String> sopInstanceUids) {
        return new InstanceSelection(List.of(), List.of(), List.of(), sopInstanceUids);
    }
}
