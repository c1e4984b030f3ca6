// SPDX-License-Identifier: Apache-2.0
package org.dozo.health;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.NullUnmarked;

/** {@code /metrics} in the Prometheus text format 0.0.4. */
@WebServlet("/metrics")
@NullUnmarked
public class MetricsServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject
    private transient PrometheusMeterRegistry registry;

    @Inject
    private transient ServerMeters serverMeters;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        serverMeters.bind(registry);
        response.setContentType("text/plain; version=0.0.4; charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.getWriter().print(registry.scrape());
    }
}
