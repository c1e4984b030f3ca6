// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.DicomJsonReader;
import org.dozo.dicom.io.ParseLimits;

/**
 * What a STOW-RS service says of each instance, PS3.18 §I.2: its reasons are those of C-STORE, PS3.4 §B.2.3, and are told as such.
 *
 * @param statuses by SOP Instance UID
 * @param others of failures that name no instance, (0008,119A)
 */
record StowAnswer(Map<String, DimseStatus> statuses, List<DimseStatus> others) {

    private static final int WARNING_REASON = 0x0008_1196;
    private static final int PROCESSING_FAILURE = 0x0110;
    private static final int COERCED = 0xB000;

    StowAnswer {
        statuses = Map.copyOf(statuses);
        others = List.copyOf(others);
    }

    /** @throws DicomFormatException if it is no data set in the DICOM JSON Model, or an array of one */
    static StowAnswer of(byte[] json) throws IOException {
        Map<String, DimseStatus> statuses = new HashMap<>();
        List<DimseStatus> others = new ArrayList<>();
        for (Dataset answer : read(json)) {
            for (Dataset item : items(answer, Tag.REFERENCED_SOP_SEQUENCE)) {
                statuses.put(uid(item), stored(item));
            }
            for (Dataset item : items(answer, Tag.FAILED_SOP_SEQUENCE)) {
                statuses.put(uid(item), failure(item));
            }
            for (Dataset item : items(answer, Tag.OTHER_FAILURES_SEQUENCE)) {
                others.add(failure(item));
            }
        }
        return new StowAnswer(statuses, others);
    }

    /** Data sets in the DICOM JSON Model, PS3.18 §F.2.1: one, or an array of them. */
    static List<Dataset> read(byte[] json) throws IOException {
        List<Dataset> found = new ArrayList<>();
        try (JsonParser parser = Json.createParser(new ByteArrayInputStream(json))) {
            if (isObject(json)) {
                found.add(new DicomJsonReader(parser, ParseLimits.DEFAULT, (path, vr, uri) -> null).read());
                return found;
            }
            if (parser.next() != JsonParser.Event.START_ARRAY) {
                throw new DicomFormatException("The JSON is neither an object nor an array");
            }
            while (true) {
                Dataset each = new DicomJsonReader(parser, ParseLimits.DEFAULT, (path, vr, uri) -> null).readNext();
                if (each == null) {
                    return found;
                }
                found.add(each);
            }
        } catch (JsonException | NoSuchElementException e) {
            throw new DicomFormatException("The JSON is malformed", e);
        }
    }

    private static boolean isObject(byte[] json) {
        int at = 0;
        while (at < json.length && (json[at] == ' ' || json[at] == '\t' || json[at] == '\r' || json[at] == '\n')) {
            at++;
        }
        return at < json.length && json[at] == '{';
    }

    /** It is there, whatever the warning's number is. */
    private static DimseStatus stored(Dataset item) {
        DimseStatus status = status(item.getInt(WARNING_REASON, 0), COERCED);
        return status.isDone() ? status : new DimseStatus(COERCED, "");
    }

    /** It is not there, whatever the reason's number is. */
    private static DimseStatus failure(Dataset item) {
        DimseStatus status = status(item.getInt(Tag.FAILURE_REASON, PROCESSING_FAILURE), PROCESSING_FAILURE);
        return status.isDone() ? new DimseStatus(PROCESSING_FAILURE, "") : status;
    }

    private static DimseStatus status(int code, int fallback) {
        return new DimseStatus(code < 0 || code > 0xFFFF ? fallback : code, "");
    }

    private static String uid(Dataset item) {
        return item.getString(Tag.REFERENCED_SOP_INSTANCE_UID, "");
    }

    private static List<Dataset> items(Dataset dataset, int tag) {
        Element element = dataset.get(tag);
        return element == null ? List.of() : element.items();
    }
}
