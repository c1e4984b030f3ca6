// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import org.dozo.cluster.NodeRegistry;
import org.dozo.cluster.NoticeBoard;
import org.jspecify.annotations.NullUnmarked;

/** {@code /api/nodes}: the nodes of the cluster, asked of any of them. */
@Path("nodes")
@Produces(MediaType.APPLICATION_JSON)
@NullUnmarked
public class NodesResource {

    @Inject
    private NodeRegistry registry;

    @Inject
    private NoticeBoard notices;

    @GET
    public String list() throws SQLException {
        return Answers.array(
                notices.mark(registry.list()), node -> NodeJson.of(node).build());
    }

    @GET
    @Produces(AdminApplication.TEXT)
    public String text() throws SQLException {
        StringBuilder text = new StringBuilder();
        notices.mark(registry.list()).forEach(node -> text.append(NodeJson.text(node)));
        return text.toString();
    }

    /** Readiness false, no newcomers, no new jobs; what runs goes on. */
    @POST
    @Path("{name}/drain")
    @Consumes(MediaType.APPLICATION_JSON)
    public String drain(@PathParam("name") String name) throws SQLException {
        registry.wishDrain(name, true);
        return list();
    }

    @DELETE
    @Path("{name}/drain")
    public String resume(@PathParam("name") String name) throws SQLException {
        registry.wishDrain(name, false);
        return list();
    }

    /** A node that is gone for good. */
    @DELETE
    @Path("{name}")
    public String forget(@PathParam("name") String name) throws SQLException {
        registry.forget(name);
        return list();
    }
}
