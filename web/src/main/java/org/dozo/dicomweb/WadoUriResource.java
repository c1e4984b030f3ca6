// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.dozo.dicom.data.Uid;
import org.dozo.index.InstanceSelection;
import org.dozo.retrieve.AcceptedSyntaxes;
import org.dozo.retrieve.RetrieveService;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** WADO-URI, PS3.18 §9: one instance as application/dicom. Nothing is rendered. */
@Path("")
@NullUnmarked
public class WadoUriResource {

    private static final String DICOM = "application/dicom";

    @Inject
    private RetrieveService service;

    @Context
    private HttpServletRequest request;

    @Context
    private HttpServletResponse response;

    @Context
    private HttpHeaders headers;

    @Context
    private UriInfo uri;

    @Context
    private Request conditions;

    @GET
    public Response instance() throws IOException, SQLException {
        if (!"WADO".equals(parameter("requestType"))) {
            throw new BadRequestException("The parameter requestType must be WADO (PS3.18 §9.1.2.1)");
        }
        String study = uid("studyUID");
        String series = uid("seriesUID");
        String object = uid("objectUID");
        if (parameter("anonymize") != null) {
            throw new BadRequestException(
                    "Dozo does not anonymize what it gives out; leave the parameter anonymize out");
        }
        HttpExchange exchange = new HttpExchange(request, response, headers, uri, conditions);
        checkContentType(exchange);
        String syntax = parameter("transferSyntax");
        if (syntax != null && !Uid.isValid(syntax)) {
            throw new BadRequestException("The parameter transferSyntax must be a UID (PS3.18 §9.1.2.2.3)");
        }
        return new InstancesAnswer(service, exchange)
                .answer(
                        InstanceSelection.ofInstance(study, series, object),
                        InstancesAnswer.Form.SINGLE,
                        syntax == null ? AcceptedSyntaxes.ANY : new AcceptedSyntaxes(List.of(syntax)));
    }

    /** Of the parameter contentType where there is one, else of Accept. */
    private void checkContentType(HttpExchange exchange) {
        String contentType = parameter("contentType");
        if (!exchange.accepted(contentType == null ? List.of() : List.of(contentType))
                .takes(DICOM)) {
            throw new NotAcceptableException(
                    "Rendered images can't be had here; ask with contentType=application/dicom for the instance itself");
        }
    }

    private String uid(String name) {
        String value = parameter(name);
        if (value == null || !Uid.isValid(value)) {
            throw new BadRequestException("The parameter " + name + " must be there, and a UID (PS3.18 §9.1.2.1)");
        }
        return value;
    }

    private @Nullable String parameter(String name) {
        List<String> values = uri.getQueryParameters(false).getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new BadRequestException("The parameter " + name + " must not be repeated");
        }
        return values.isEmpty()
                ? null
                : URLDecoder.decode(values.getFirst().replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
