// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;
import org.dozo.web.FailureMapper;

/** The resources under {@code /api}. */
@ApplicationPath("/api")
public class AdminApplication extends Application {

    /** For people: who does not say what he wants gets JSON. */
    static final String TEXT = "text/plain;qs=0.5";

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(
                ConfigurationResource.class,
                DeliveriesResource.class,
                DestinationsResource.class,
                DoctorResource.class,
                DrillsResource.class,
                FailureMapper.class,
                ImportsResource.class,
                JobsResource.class,
                MigrationsResource.class,
                NodesResource.class,
                OpenApiResource.class,
                PeersResource.class,
                PrefetchResource.class,
                RulesResource.class,
                StatusResource.class);
    }
}
