// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.dozo.dicom.Matches;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Tag;
import org.dozo.query.Page;
import org.dozo.query.QueryLevel;
import org.dozo.query.QueryService;
import org.dozo.query.StudyQuery;
import org.dozo.settings.QidoSettings;
import org.jspecify.annotations.NullUnmarked;

/**
 * QIDO-RS, PS3.18 §10.6: studies, series and instances are found. Matches are written as they are found; only the answer's beginning is
 * kept back, so that a fault still gets its status.
 */
@Path("")
@NullUnmarked
public class QidoResource {

    private static final int KEPT_BACK = 256 << 10;

    @Inject
    private QueryService queries;

    @Inject
    private QidoSettings settings;

    @Context
    private HttpHeaders headers;

    @Context
    private HttpServletResponse response;

    @Context
    private UriInfo uri;

    @GET
    @Path("studies")
    public void studies() throws IOException {
        answer(new QidoTarget(QueryLevel.STUDY, "", ""));
    }

    @GET
    @Path("series")
    public void series() throws IOException {
        answer(new QidoTarget(QueryLevel.SERIES, "", ""));
    }

    @GET
    @Path("instances")
    public void instances() throws IOException {
        answer(new QidoTarget(QueryLevel.IMAGE, "", ""));
    }

    @GET
    @Path("studies/{study}/series")
    public void seriesOf(@PathParam("study") String study) throws IOException {
        answer(new QidoTarget(QueryLevel.SERIES, study, ""));
    }

    @GET
    @Path("studies/{study}/instances")
    public void instancesOf(@PathParam("study") String study) throws IOException {
        answer(new QidoTarget(QueryLevel.IMAGE, study, ""));
    }

    @GET
    @Path("studies/{study}/series/{series}/instances")
    public void instancesOf(@PathParam("study") String study, @PathParam("series") String series) throws IOException {
        answer(new QidoTarget(QueryLevel.IMAGE, study, series));
    }

    /** Written to the response itself: a search hands its matches out, and whether there are any decides the status. */
    private void answer(QidoTarget target) throws IOException {
        Map<String, List<String>> given = uri.getQueryParameters();
        ResultFormat format = ResultFormat.of(given.getOrDefault("accept", accepted()));
        QidoParameters parameters = new QidoParameters(target, settings.maxResults());
        StudyQuery query = parameters.read(given);
        List<String> warnings = new ArrayList<>();
        List<Integer> unmatched = queries.unsupportedKeys(query);
        if (!unmatched.isEmpty()) {
            warnings.add("Not matched on: "
                    + String.join(
                            ", ", unmatched.stream().map(QidoResource::name).toList()));
        }
        String boundary = "dozo-" + UUID.randomUUID();
        LateStart out = new LateStart(KEPT_BACK, () -> {
            if (parameters.isCapped() && hasMore(query)) {
                warnings.add("There are more results than the " + settings.maxResults()
                        + " that one answer gives: ask for the next with offset="
                        + (query.page().offset() + settings.maxResults()));
            }
            warnings.forEach(warning -> response.addHeader("Warning", Warnings.of(warning)));
            response.setStatus(HttpServletResponse.SC_OK);
            response.setContentType(
                    format == ResultFormat.XML
                            ? "multipart/related; type=\"application/dicom+xml\"; boundary=" + boundary
                            : StowMetadata.JSON);
            return response.getOutputStream();
        });
        QidoAnswer answer = new QidoAnswer(query.level(), new RetrieveUrls(uri.getBaseUri()), format, boundary, out);
        queries.find(query, answer);
        if (answer.count() == 0) {
            warnings.forEach(warning -> response.addHeader("Warning", Warnings.of(warning)));
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else {
            answer.end();
            out.finish();
        }
        response.flushBuffer();
    }

    /** Whether one comes behind the page: asked before the answer's header goes out. */
    private boolean hasMore(StudyQuery query) throws IOException {
        long behind = query.page().offset() + query.page().limit();
        StudyQuery next = new StudyQuery(
                query.level(),
                query.identifier(),
                query.fuzzy(),
                query.combinedDateTime(),
                query.timezoneAdjustment(),
                false,
                new Page(behind, 1, query.page().order()));
        return queries.find(next, new Probe()).matches() > 0;
    }

    /** Only asks whether there is one. */
    private record Probe() implements Matches {

        @Override
        public void add(Dataset match) {
            // Its being there is all that counts.
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    }

    private static String name(int tag) {
        return Objects.requireNonNullElse(Dictionary.keyword(tag), Tag.toString(tag));
    }

    private List<String> accepted() {
        return Objects.requireNonNullElse(headers.getRequestHeader(HttpHeaders.ACCEPT), List.of());
    }
}
