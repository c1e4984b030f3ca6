// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.jspecify.annotations.Nullable;

/**
 * What the index keeps of a series, PS3.3 §C.7.3.1. Texts are empty where the data set has none; dates and times are as they came.
 *
 * @param utcOffset Timezone Offset From UTC (0008,0201) in minutes; null if there is none
 * @param requests Request Attributes Sequence (0040,0275)
 */
public record SeriesAttributes(
        String seriesInstanceUid,
        String modality,
        @Nullable Integer number,
        String date,
        String time,
        String description,
        String bodyPart,
        String laterality,
        String stationName,
        String institution,
        String stepStartDate,
        String stepStartTime,
        @Nullable Integer utcOffset,
        List<Request> requests) {

    /** The order behind the series. */
    public record Request(String requestedProcedureId, String scheduledProcedureStepId, String accessionNumber) {}

    private static final int MOST_REQUESTS = 32;

    public SeriesAttributes {
        requests = List.copyOf(requests);
    }

    public static SeriesAttributes of(Dataset dataset) {
        return new SeriesAttributes(
                dataset.getString(Tag.SERIES_INSTANCE_UID, ""),
                IndexText.of(dataset, Tag.MODALITY),
                IndexText.number(dataset, Tag.SERIES_NUMBER),
                IndexText.of(dataset, Tag.SERIES_DATE),
                IndexText.of(dataset, Tag.SERIES_TIME),
                IndexText.of(dataset, Tag.SERIES_DESCRIPTION),
                IndexText.of(dataset, Tag.BODY_PART_EXAMINED),
                IndexText.of(dataset, Tag.LATERALITY),
                IndexText.of(dataset, Tag.STATION_NAME),
                IndexText.of(dataset, Tag.INSTITUTION_NAME),
                IndexText.of(dataset, Tag.PERFORMED_PROCEDURE_STEP_START_DATE),
                IndexText.of(dataset, Tag.PERFORMED_PROCEDURE_STEP_START_TIME),
                UtcOffset.minutes(dataset),
                requests(dataset));
    }

    private static List<Request> requests(Dataset dataset) {
        return dataset.getItems(Tag.REQUEST_ATTRIBUTES_SEQUENCE).stream()
                .limit(MOST_REQUESTS)
                .map(item -> new Request(
                        IndexText.of(item, Tag.REQUESTED_PROCEDURE_ID),
                        IndexText.of(item, Tag.SCHEDULED_PROCEDURE_STEP_ID),
                        IndexText.of(item, Tag.ACCESSION_NUMBER)))
                .toList();
    }
}
