// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import org.dozo.cluster.RegisteredNode;

/** Nodes, for programs and for people. */
final class NodeJson {

    private NodeJson() {}

    static JsonObjectBuilder of(RegisteredNode node) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("name", node.name())
                .add("state", node.word())
                .add("problems", Json.createArrayBuilder(node.problems()))
                .add("version", node.version())
                .add("epoch", node.epoch())
                .add("drain", node.drain())
                .add("startedAt", node.startedAt().toString())
                .add("silentMillis", node.silence().toMillis())
                .add("inTouch", node.inTouch())
                .add("associations", node.associations())
                .add("jobs", node.jobs());
        String advice = node.advice();
        if (advice != null) {
            json.add("advice", advice);
        }
        return json;
    }

    static String text(RegisteredNode node) {
        StringBuilder text = new StringBuilder("node     %s %s (%s, %d associations, %d jobs)%n"
                .formatted(node.name(), node.word(), node.version(), node.associations(), node.jobs()));
        node.problems()
                .forEach(problem -> text.append("         ! ").append(problem).append('\n'));
        String advice = node.advice();
        if (advice != null) {
            text.append("         ! ").append(advice).append('\n');
        }
        return text.toString();
    }
}
