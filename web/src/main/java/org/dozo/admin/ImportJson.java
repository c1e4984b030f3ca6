// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import org.dozo.ingest.imports.ImportCounts;
import org.dozo.ingest.imports.ImportProgress;

/** An import as JSON. */
final class ImportJson {

    private ImportJson() {}

    static JsonObject of(ImportProgress progress) {
        var paths = Json.createArrayBuilder();
        progress.paths().forEach(paths::add);
        ImportCounts counts = progress.counts();
        return Json.createObjectBuilder()
                .add("id", progress.id())
                .add("state", progress.state().name())
                .add("paths", paths)
                .add("inPlace", progress.inPlace())
                .add(
                        "counts",
                        Json.createObjectBuilder()
                                .add("stored", counts.stored())
                                .add("known", counts.known())
                                .add("skipped", counts.skipped())
                                .add("refused", counts.refused())
                                .add("missing", counts.missing()))
                .add("bytesDone", progress.bytesDone())
                .add("filesTotal", progress.filesTotal())
                .add("bytesTotal", progress.bytesTotal())
                .add("counted", progress.counted())
                .add("seconds", progress.elapsed().toSeconds())
                .add("message", progress.message())
                .add("report", progress.report().toString())
                .build();
    }
}
