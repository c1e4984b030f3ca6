// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.InternalServerErrorException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** {@code GET /api/openapi.json}: this API's description, written by hand beside this class. */
@Path("openapi.json")
public class OpenApiResource {

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String describe() throws IOException {
        try (InputStream description = OpenApiResource.class.getResourceAsStream("openapi.json")) {
            if (description == null) {
                throw new InternalServerErrorException("openapi.json is not in the archive");
            }
            return new String(description.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
