// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;
import org.dozo.web.FailureMapper;

/** The one resource {@code /wado}, PS3.18 §9. */
@ApplicationPath("/wado")
public class WadoUriApplication extends Application {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(FailureMapper.class, WadoUriResource.class);
    }
}
