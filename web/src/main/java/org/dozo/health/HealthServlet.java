// SPDX-License-Identifier: Apache-2.0
package org.dozo.health;

import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.dozo.cluster.Node;
import org.dozo.cluster.NodeStatus;
import org.jspecify.annotations.NullUnmarked;

/** {@code /health/live}: the process answers. {@code /health/ready}: 200 if a balancer may send work here, else 503 and why. */
@WebServlet(urlPatterns = {"/health/live", "/health/ready"})
@NullUnmarked
public class HealthServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject
    private transient Node node;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        NodeStatus status = node.status();
        boolean live = request.getServletPath().endsWith("/live");
        boolean good = live || status.isReady();
        response.setStatus(good ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        var body = Json.createObjectBuilder().add("status", good ? "UP" : "DOWN");
        if (!live) {
            body.add("node", status.name()).add("state", status.state().word());
            body.add("problems", Json.createArrayBuilder(status.problems()));
        }
        response.getWriter().print(body.build());
    }
}
