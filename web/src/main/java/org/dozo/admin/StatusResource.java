// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.dozo.cluster.NodeStatus;
import org.dozo.cluster.RegisteredNode;
import org.jspecify.annotations.NullUnmarked;

/** {@code GET /api/status}: nodes, counts, volumes and jobs at a glance. Answers, as far as it can, while the database is away. */
@Path("status")
@NullUnmarked
public class StatusResource {

    @Inject
    private StatusReader reader;

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String json() {
        Status status = reader.read();
        JsonObjectBuilder counts = Json.createObjectBuilder();
        status.counts()
                .ifPresent(archive -> counts.add("patients", archive.patients())
                        .add("studies", archive.studies())
                        .add("series", archive.series())
                        .add("instances", archive.instances())
                        .add("bytes", archive.bytes()));
        JsonArrayBuilder volumes = Json.createArrayBuilder();
        status.volumes()
                .forEach(volume -> volumes.add(Json.createObjectBuilder()
                        .add("name", volume.name())
                        .add("state", volume.state().name().toLowerCase(java.util.Locale.ROOT))
                        .add("freeBytes", volume.freeBytes())
                        .add("detail", volume.detail())));
        JsonObjectBuilder jobs = Json.createObjectBuilder();
        status.jobs()
                .forEach((kind, number) -> jobs.add(
                        kind,
                        Json.createObjectBuilder()
                                .add("ready", number.ready())
                                .add("leased", number.leased())
                                .add("failed", number.failed())));
        return Json.createObjectBuilder()
                .add("version", status.version())
                .add("ready", status.node().isReady())
                .add("nodes", nodes(status))
                .add("counts", counts)
                .add("volumes", volumes)
                .add("jobs", jobs)
                .add("evaluation", status.evaluation())
                .build()
                .toString();
    }

    /** All that are registered; of this one what it knows itself, which is newer. */
    private static JsonArrayBuilder nodes(Status status) {
        NodeStatus self = status.node();
        JsonArrayBuilder nodes = Json.createArrayBuilder();
        boolean listed = false;
        for (RegisteredNode node : status.nodes()) {
            boolean isSelf = node.name().equals(self.name());
            listed |= isSelf;
            nodes.add(isSelf ? NodeJson.of(node).addAll(own(self)) : NodeJson.of(node));
        }
        return listed ? nodes : nodes.add(own(self));
    }

    private static JsonObjectBuilder own(NodeStatus self) {
        return Json.createObjectBuilder()
                .add("name", self.name())
                .add("state", self.state().word())
                .add("problems", Json.createArrayBuilder(self.problems()));
    }

    @GET
    @Produces(AdminApplication.TEXT)
    public String text() {
        Status status = reader.read();
        StringBuilder text = new StringBuilder();
        text.append("Dozo %s%n".formatted(status.version()));
        status.nodes().stream()
                .filter(node -> !node.name().equals(status.node().name()))
                .forEach(node -> text.append(NodeJson.text(node)));
        text.append("node     %s %s, this one%n"
                .formatted(status.node().name(), status.node().state().word()));
        status.node()
                .problems()
                .forEach(problem -> text.append("         ! ").append(problem).append('\n'));
        status.volumes()
                .forEach(volume -> text.append("volume   %s %s, %.1f GiB free %s%n"
                        .formatted(
                                volume.name(),
                                volume.state(),
                                volume.freeBytes() / (double) (1L << 30),
                                volume.detail())));
        text.append(status.counts()
                .map(archive -> "holds    %,d patients, %,d studies, %,d series, %,d instances, %.1f GiB%n"
                        .formatted(
                                archive.patients(),
                                archive.studies(),
                                archive.series(),
                                archive.instances(),
                                archive.bytes() / (double) (1L << 30)))
                .orElse("holds    unknown: the database does not answer\n"));
        status.jobs()
                .forEach((kind, number) -> text.append("jobs     %s: %,d ready, %,d leased, %,d failed%n"
                        .formatted(kind, number.ready(), number.leased(), number.failed())));
        if (status.evaluation()) {
            text.append("Evaluation mode: open to every caller from this machine.\n");
        }
        return text.toString();
    }
}
