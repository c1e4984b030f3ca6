// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.stream.JsonGenerator;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Uid;
import org.dozo.dicom.io.DicomJsonWriter;
import org.dozo.dicom.io.DicomXmlWriter;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.ingest.StowResult;
import org.dozo.ingest.StowService;
import org.dozo.settings.StowSettings;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.NullUnmarked;

/** STOW-RS, PS3.18 §10.5: objects come in, part by part as they are sent. */
@Path("")
@NullUnmarked
public class StowResource {

    private static final String DICOM = "application/dicom";

    @Inject
    private StowService service;

    @Inject
    private StowSettings settings;

    @Inject
    private ParseLimits limits;

    @Context
    private HttpServletRequest request;

    @Context
    private HttpHeaders headers;

    @Context
    private UriInfo uri;

    @POST
    @Path("studies")
    public Response store(@QueryParam("accept") List<String> accept) throws IOException {
        return store("", accept);
    }

    @POST
    @Path("studies/{study}")
    public Response storeInStudy(@PathParam("study") String study, @QueryParam("accept") List<String> accept)
            throws IOException {
        if (!Uid.isValid(study)) {
            throw new FailureException(
                    Failure.MALFORMED_REQUEST, "The address names a study, but what it names is no UID (PS3.5 §9.1)");
        }
        return store(study, accept);
    }

    private Response store(String study, List<String> accept) throws IOException {
        // Decided before the first byte is stored.
        ResultFormat format = ResultFormat.of(accept.isEmpty() ? accepted() : accept);
        ContentType type = ContentType.parse(Objects.requireNonNullElse(request.getContentType(), ""));
        requirePlain();
        StowReport report = new StowReport(new RetrieveUrls(uri.getBaseUri()));
        try {
            receive(type, study, report);
        } catch (MultipartException e) {
            throw new FailureException(e.failure(), e.getMessage() + stored(report), e);
        }
        if (report.isEmpty()) {
            throw new FailureException(Failure.MALFORMED_REQUEST, "The request holds no object");
        }
        return answer(report, format);
    }

    private void receive(ContentType type, String study, StowReport report) throws IOException {
        InputStream body = request.getInputStream();
        if (type.is(DICOM)) {
            report.add(service.store(body, study, request.getRemoteAddr()));
        } else if (type.is("multipart/related")) {
            MultipartReader parts = new MultipartReader(body, type.parameter("boundary"), settings.maxParts());
            switch (ContentType.parse(type.parameter("type")).type()) {
                case "", DICOM -> storeFiles(parts, study, report);
                case StowMetadata.JSON, StowMetadata.XML -> storeMetadata(parts, study, report);
                default -> throw unsupported();
            }
        } else {
            throw unsupported();
        }
    }

    private void storeFiles(MultipartReader parts, String study, StowReport report) throws IOException {
        for (MultipartReader.Part part = parts.next(); part != null; part = parts.next()) {
            if (part.type().isEmpty() || ContentType.parse(part.type()).is(DICOM)) {
                report.add(service.store(part.content(), study, request.getRemoteAddr()));
            } else {
                report.add(StowResult.refused(
                        Failure.CANNOT_UNDERSTAND,
                        "A part is not application/dicom, as the request's type says all of them are"));
            }
        }
    }

    private void storeMetadata(MultipartReader parts, String study, StowReport report) throws IOException {
        try (Spool spool = new Spool(settings.spool(), settings.maxSpoolBytes())) {
            StowMetadata metadata = new StowMetadata(service, limits, spool, study, request.getRemoteAddr());
            for (MultipartReader.Part part = parts.next(); part != null; part = parts.next()) {
                metadata.add(part);
            }
            metadata.store(report::add);
        }
    }

    /** A body that must be inflated first could be a bomb, and images gain little by it. */
    private void requirePlain() {
        String encoding = Objects.requireNonNullElse(request.getHeader(HttpHeaders.CONTENT_ENCODING), "identity");
        if (!encoding.strip().equalsIgnoreCase("identity")) {
            throw new NotSupportedException("Bodies with a Content-Encoding are not taken: send it as it is");
        }
    }

    private static NotSupportedException unsupported() {
        return new NotSupportedException("Send application/dicom, or multipart/related with type=\"application/dicom\","
                + " \"application/dicom+json\" or \"application/dicom+xml\" (PS3.18 §10.5)");
    }

    private static String stored(StowReport report) {
        int count = report.storedObjects();
        return count == 0 ? "" : ". The " + count + " objects before it are stored";
    }

    private List<String> accepted() {
        return Objects.requireNonNullElse(headers.getRequestHeader(HttpHeaders.ACCEPT), List.of());
    }

    private static Response answer(StowReport report, ResultFormat format) {
        Dataset dataset = report.dataset();
        StreamingOutput body = out -> {
            if (format == ResultFormat.XML) {
                new DicomXmlWriter(out, value -> null).write(dataset);
            } else {
                try (JsonGenerator json = Json.createGenerator(out)) {
                    new DicomJsonWriter(json, value -> null).write(dataset);
                }
            }
        };
        Response.ResponseBuilder response = Response.status(report.status())
                .type(format == ResultFormat.XML ? StowMetadata.XML : StowMetadata.JSON)
                .entity(body);
        report.comments().forEach(comment -> response.header("Warning", Warnings.of(comment)));
        return response.build();
    }
}
