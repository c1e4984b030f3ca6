// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.json.Json;
import jakarta.json.stream.JsonGenerator;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.dozo.dicom.io.DicomJsonWriter;
import org.dozo.dicom.io.DicomXmlWriter;
import org.dozo.dicom.io.ScannedObject;
import org.dozo.index.StoredInstance;
import org.dozo.retrieve.BulkDataPath;
import org.dozo.retrieve.Metadata;
import org.dozo.retrieve.RetrieveService;
import org.dozo.shared.Bytes;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** Headers of instances in the DICOM JSON Model or the Native DICOM Model, PS3.18 §10.4.1.1.2. */
final class MetadataAnswer {

    private static final String JSON = "application/dicom+json";
    private static final String XML = "application/dicom+xml";
    private static final int BLOCK = 32 << 10;

    private final RetrieveService service;
    private final HttpExchange exchange;

    MetadataAnswer(RetrieveService service, HttpExchange exchange) {
        this.service = service;
        this.exchange = exchange;
    }

    /** Writes a body. */
    @FunctionalInterface
    private interface Body {

        void write(OutputStream out) throws IOException, SQLException;
    }

    Response answer(String study, Optional<String> series) throws SQLException {
        boolean json = wantsJson();
        Metadata metadata = service.metadata(study, series).orElseThrow(WadoResource::notFound);
        String base = exchange.base();
        String boundary = boundary();
        return answer(
                json,
                boundary,
                metadata.version(),
                metadata.lastReceivedAt(),
                metadata::gzippedJson,
                json
                        ? out -> metadata.writeJson(out, base)
                        : out -> {
                            MultipartWriter parts = new MultipartWriter(out, boundary);
                            metadata.forEach((object, path) -> writeXml(parts, out, object, base + path));
                            parts.end();
                        });
    }

    Response answer(StoredInstance instance) throws IOException, SQLException {
        boolean json = wantsJson();
        ScannedObject object = service.metadata(instance);
        String base = exchange.base() + "/studies/" + instance.studyInstanceUid() + "/series/"
                + instance.seriesInstanceUid() + "/instances/" + instance.sopInstanceUid() + "/bulkdata/";
        String boundary = boundary();
        return answer(
                json,
                boundary,
                instance.objectName() + object.header().hashCode(),
                instance.receivedAt(),
                json
                        ? out -> writeJson(out, object, base)
                        : out -> {
                            MultipartWriter parts = new MultipartWriter(out, boundary);
                            writeXml(parts, out, object, base);
                            parts.end();
                        });
    }

    private boolean wantsJson() {
        return exchange.accepted()
                .choose(range -> range.covers(JSON) || range.covers("application/json")
                        ? Optional.of(true)
                        : range.coversMultipart(XML) ? Optional.of(false) : Optional.empty())
                .orElseThrow(
                        () -> AcceptNegotiation.notAcceptable(
                                "Metadata can be had as application/dicom+json, or as multipart/related; type=\"application/dicom+xml\"."));
    }

    /** Text of a patient must not be able to end a part: at random, unlike that of objects. */
    private static String boundary() {
        return UUID.randomUUID().toString();
    }

    private Response answer(boolean json, String boundary, String state, Instant lastModified, Body body) {
        return answer(json, boundary, state, lastModified, base -> Optional.empty(), body);
    }

    /** Gives a JSON body that is gzipped already, if there is one. */
    @FunctionalInterface
    private interface Gzipped {

        Optional<Bytes> body(String base) throws IOException, SQLException;
    }

    private Response answer(
            boolean json, String boundary, String state, Instant lastModified, Gzipped kept, Body body) {
        boolean gzip = exchange.takesGzip();
        String version = new Versions("metadata")
                .add(exchange.base())
                .add(json + " " + gzip)
                .add(state)
                .value();
        // XML parts have another boundary each time: the same to a reader, not to the byte.
        EntityTag tag = new EntityTag(version, !json);
        Optional<Response> unchanged = exchange.unchanged(tag);
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        Response.ResponseBuilder answer = HttpExchange.answer(
                Response.Status.OK.getStatusCode(),
                json ? JSON : MultipartWriter.contentType(XML, boundary),
                tag,
                lastModified);
        if (gzip) {
            answer.header(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        StreamingOutput stream = out -> {
            if (!gzip || !json || !writeKept(kept, out)) {
                write(body, gzip, out);
            }
        };
        return exchange.with(answer, stream);
    }

    private boolean writeKept(Gzipped kept, OutputStream out) throws IOException {
        try {
            Optional<Bytes> body = kept.body(exchange.base());
            if (body.isPresent()) {
                out.write(body.get().toArray());
            }
            return body.isPresent();
        } catch (SQLException e) {
            throw new FailureException(Failure.of(e), "The database failed while metadata was read", e);
        }
    }

    private static void write(Body body, boolean gzip, OutputStream out) throws IOException {
        OutputStream target = gzip ? new FastGzip(out) : new BufferedOutputStream(out, BLOCK);
        try {
            body.write(target);
        } catch (SQLException e) {
            throw new FailureException(Failure.of(e), "The database failed while metadata was read", e);
        }
        if (target instanceof GZIPOutputStream compressed) {
            compressed.finish();
        }
        target.flush();
    }

    private static void writeJson(OutputStream out, ScannedObject object, String base) {
        JsonGenerator json = Json.createGenerator(out);
        json.writeStartArray();
        new DicomJsonWriter(json, value -> base + BulkDataPath.format(value.path())).write(object);
        json.writeEnd();
        json.flush();
    }

    private static void writeXml(MultipartWriter parts, OutputStream out, ScannedObject object, String base)
            throws IOException {
        ByteArrayOutputStream document = new ByteArrayOutputStream(BLOCK);
        new DicomXmlWriter(document, value -> base + BulkDataPath.format(value.path())).write(object);
        parts.begin(XML, document.size());
        document.writeTo(out);
    }

    private static final class FastGzip extends GZIPOutputStream {

        FastGzip(OutputStream out) throws IOException {
            super(out, BLOCK);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
