// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.json.Json;
import jakarta.json.stream.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.dozo.dicom.Matches;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DicomJsonWriter;
import org.dozo.dicom.io.DicomXmlWriter;
import org.dozo.query.QueryLevel;

/** Writes matches as they are found, as one JSON array or as the parts of a multipart body, PS3.18 §10.6.3.3. */
final class QidoAnswer implements Matches {

    private final QueryLevel level;
    private final RetrieveUrls urls;
    private final Writing writing;
    private long count;

    /** One of the two forms. */
    private interface Writing {

        void write(Dataset match) throws IOException;

        void end() throws IOException;
    }

    /** @param boundary of the multipart body; of no meaning for JSON */
    QidoAnswer(QueryLevel level, RetrieveUrls urls, ResultFormat format, String boundary, OutputStream out) {
        this.level = level;
        this.urls = urls;
        this.writing = format == ResultFormat.XML ? new Parts(out, boundary) : new Array(out);
    }

    @Override
    public void add(Dataset match) throws IOException {
        match.remove(Tag.QUERY_RETRIEVE_LEVEL);
        match.setString(Tag.INSTANCE_AVAILABILITY, VR.CS, "ONLINE");
        match.setString(Tag.RETRIEVE_URL, VR.UR, url(match));
        writing.write(match);
        count++;
    }

    private String url(Dataset match) {
        String study = match.getString(Tag.STUDY_INSTANCE_UID, "");
        String series = match.getString(Tag.SERIES_INSTANCE_UID, "");
        return switch (level) {
            case PATIENT, STUDY -> urls.study(study);
            case SERIES -> urls.series(study, series);
            case IMAGE -> urls.instance(study, series, match.getString(Tag.SOP_INSTANCE_UID, ""));
        };
    }

    /** HTTP has no C-CANCEL: a client that is gone shows when it is written to. */
    @Override
    public boolean isCancelled() {
        return false;
    }

    long count() {
        return count;
    }

    void end() throws IOException {
        writing.end();
    }

    private static final class Array implements Writing {

        private final JsonGenerator json;
        private final DicomJsonWriter writer;

        Array(OutputStream out) {
            json = Json.createGenerator(out);
            writer = new DicomJsonWriter(json, value -> null);
            json.writeStartArray();
        }

        @Override
        public void write(Dataset match) {
            writer.write(match);
        }

        @Override
        public void end() {
            json.writeEnd();
            json.close();
        }
    }

    private static final class Parts implements Writing {

        private final OutputStream out;
        private final String boundary;

        Parts(OutputStream out, String boundary) {
            this.out = out;
            this.boundary = boundary;
        }

        @Override
        public void write(Dataset match) throws IOException {
            ascii("--" + boundary + "\r\nContent-Type: application/dicom+xml\r\n\r\n");
            new DicomXmlWriter(out, value -> null).write(match);
            ascii("\r\n");
        }

        @Override
        public void end() throws IOException {
            ascii("--" + boundary + "--\r\n");
        }

        private void ascii(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
