// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import org.dozo.settings.ConfigurationFile;
import org.jspecify.annotations.NullUnmarked;

/** {@code /api/config}: the operational records as one YAML file, out and in. */
@Path("config")
@NullUnmarked
public class ConfigurationResource {

    private static final String YAML = "application/yaml";

    @Inject
    private ConfigurationFile file;

    @GET
    @Produces(YAML)
    public String export() throws SQLException {
        return file.export();
    }

    /**
     * What the file would change, a line each; with {@code apply=true} it has been changed, all or nothing.
     *
     * @param apply false: only compare
     */
    @POST
    @Consumes(YAML)
    @Produces(MediaType.TEXT_PLAIN)
    public String load(String yaml, @QueryParam("apply") @DefaultValue("false") boolean apply) throws SQLException {
        var diff = apply ? file.apply(yaml) : file.compare(yaml);
        return diff.lines().isEmpty() ? "Nothing to change.\n" : String.join("\n", diff.lines()) + "\n";
    }
}
