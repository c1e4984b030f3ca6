// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonReader;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.dozo.storage.StorageSettings;
import org.jspecify.annotations.NullUnmarked;

/** {@code GET /api/drills}: the records that {@code ./dozo drill} kept, the newest first, a hundred at most. */
@Path("drills")
@NullUnmarked
public class DrillsResource {

    private static final int MOST = 100;

    private final java.nio.file.Path directory;

    public DrillsResource() {
        this(java.nio.file.Path.of(System.getProperty(StorageSettings.DATA, "."), "drills"));
    }

    DrillsResource(java.nio.file.Path directory) {
        this.directory = directory;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String list() throws IOException {
        JsonArrayBuilder drills = Json.createArrayBuilder();
        for (java.nio.file.Path record : newest()) {
            try (JsonReader reader = Json.createReader(Files.newInputStream(record))) {
                drills.add(reader.readObject());
            }
        }
        return drills.build().toString();
    }

    /** Their names begin with the time. */
    private List<java.nio.file.Path> newest() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<java.nio.file.Path> records = Files.list(directory)) {
            return records.filter(record -> record.getFileName().toString().endsWith(".json"))
                    .sorted(Comparator.reverseOrder())
                    .limit(MOST)
                    .toList();
        }
    }
}
