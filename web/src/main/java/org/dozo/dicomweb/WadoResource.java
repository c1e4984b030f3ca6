// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.dozo.dicom.data.Uid;
import org.dozo.dicom.io.ElementPath;
import org.dozo.index.InstanceSelection;
import org.dozo.index.StoredInstance;
import org.dozo.retrieve.BulkDataPath;
import org.dozo.retrieve.RetrieveService;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.NullUnmarked;

/** WADO-RS, PS3.18 §10.4: studies, series, instances, their metadata, frames and long values. HEAD is answered by the container. */
@Path("")
@NullUnmarked
public class WadoResource {

    private static final String STUDY = "studies/{study}";
    private static final String SERIES = STUDY + "/series/{series}";
    private static final String INSTANCE = SERIES + "/instances/{instance}";

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
    @Path(STUDY)
    public Response study(@PathParam("study") String study) throws IOException, SQLException {
        checkUids(study);
        return instances().answer(InstanceSelection.ofStudy(study), false);
    }

    @GET
    @Path(SERIES)
    public Response series(@PathParam("study") String study, @PathParam("series") String series)
            throws IOException, SQLException {
        checkUids(study, series);
        return instances().answer(InstanceSelection.ofSeries(study, series), false);
    }

    @GET
    @Path(INSTANCE)
    public Response instance(
            @PathParam("study") String study,
            @PathParam("series") String series,
            @PathParam("instance") String instance)
            throws IOException, SQLException {
        checkUids(study, series, instance);
        return instances().answer(InstanceSelection.ofInstance(study, series, instance), true);
    }

    @GET
    @Path(STUDY + "/metadata")
    public Response studyMetadata(@PathParam("study") String study) throws SQLException {
        checkUids(study);
        return new MetadataAnswer(service, exchange()).answer(study, Optional.empty());
    }

    @GET
    @Path(SERIES + "/metadata")
    public Response seriesMetadata(@PathParam("study") String study, @PathParam("series") String series)
            throws SQLException {
        checkUids(study, series);
        return new MetadataAnswer(service, exchange()).answer(study, Optional.of(series));
    }

    @GET
    @Path(INSTANCE + "/metadata")
    public Response instanceMetadata(
            @PathParam("study") String study,
            @PathParam("series") String series,
            @PathParam("instance") String instance)
            throws IOException, SQLException {
        return new MetadataAnswer(service, exchange()).answer(find(study, series, instance));
    }

    @GET
    @Path(INSTANCE + "/frames/{frames}")
    public Response frames(
            @PathParam("study") String study,
            @PathParam("series") String series,
            @PathParam("instance") String instance,
            @PathParam("frames") String frames)
            throws IOException, SQLException {
        return new FramesAnswer(service, exchange()).answer(find(study, series, instance), frames);
    }

    @GET
    @Path(INSTANCE + "/bulkdata/{path}")
    public Response bulkData(
            @PathParam("study") String study,
            @PathParam("series") String series,
            @PathParam("instance") String instance,
            @PathParam("path") String path)
            throws IOException, SQLException {
        ElementPath element = BulkDataPath.parse(path)
                .orElseThrow(() -> new BadRequestException(
                        "This is no BulkDataURI that Dozo gave out: take it from the instance's metadata"));
        return new BulkDataAnswer(service, exchange()).answer(find(study, series, instance), element);
    }

    private StoredInstance find(String study, String series, String instance) throws SQLException {
        checkUids(study, series, instance);
        return service.find(study, series, instance).orElseThrow(WadoResource::notFound);
    }

    private InstancesAnswer instances() {
        return new InstancesAnswer(service, exchange());
    }

    private HttpExchange exchange() {
        return new HttpExchange(request, response, headers, uri, conditions);
    }

    static FailureException notFound() {
        return new FailureException(
                Failure.NOT_FOUND,
                "There is no such instance in that study and series; check the UIDs, or query for them");
    }

    static void checkUids(String... uids) {
        for (String uid : uids) {
            if (!Uid.isValid(uid)) {
                throw new BadRequestException(
                        "A UID is 1 to 64 digits and dots (PS3.5 §9.1); one in this address is malformed");
            }
        }
    }
}
