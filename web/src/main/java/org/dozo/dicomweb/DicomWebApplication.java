// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;
import org.dozo.web.FailureMapper;

/**
 * The resources under {@code /dicomweb}, PS3.18 §10.
 *
 * <p><em>Pitfalls:</em> QIDO-RS, STOW-RS and WADO-RS share their paths, and the container chooses the class before the method: so
 * every class here is {@code @Path("")}, and its methods carry whole paths.
 */
@ApplicationPath("/dicomweb")
public class DicomWebApplication extends Application {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(FailureMapper.class, QidoResource.class, StowResource.class, WadoResource.class);
    }
}
