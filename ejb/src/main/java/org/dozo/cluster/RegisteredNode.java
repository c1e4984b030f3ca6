// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of the cluster as the database knows it.
 *
 * @param state as the node said last; {@link NodeState#LOST} if the others have given it up
 * @param drain whether an operator wants it drained
 * @param silence since its last heartbeat, by the database's clock
 * @param inTouch whether the node that was asked hears it itself, as far as it is known; see {@link NoticeBoard#mark}
 * @param associations DICOM associations that were open then
 * @param jobs batches of jobs that were running then
 */
public record RegisteredNode(
        String name,
        long epoch,
        String version,
        NodeState state,
        List<String> problems,
        boolean drain,
        Instant startedAt,
        Duration silence,
        boolean inTouch,
        int associations,
        int jobs) {

    /** Of a node that is there at all; it says something every second. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(4);

    public RegisteredNode {
        problems = List.copyOf(problems);
    }

    /** The same, but not heard by the node that was asked. */
    RegisteredNode outOfTouch() {
        return new RegisteredNode(
                name, epoch, version, state, problems, drain, startedAt, silence, false, associations, jobs);
    }

    /** One word for people and programs: its state, {@code silent} for one that is not heard. */
    public String word() {
        return isSilent() ? "silent" : state.word();
    }

    /** Whether it should be heard, and is not. */
    public boolean isSilent() {
        return state.isAlive() && silence.compareTo(LONGEST_SILENCE) > 0;
    }

    /** What an operator on call is to do; null if nothing. */
    public @Nullable String advice() {
        if (isSilent()) {
            return "Not heard for " + silence.toSeconds()
                    + " s: it hangs, has died or is cut off. The others do its work"
                    + " a few seconds from now; look at the machine and its log";
        }
        if (!inTouch) {
            return "The database hears it, the node that you ask does not: it works, but hears of changes and of broken"
                    + " destinations later. Check the network between the nodes, cluster.bind and cluster.port"
                    + " (and the port after it)";
        }
        return switch (state) {
            case READY, STOPPED, NOT_READY -> null;
            case DRAINING ->
                drain
                        ? "Drained by an operator, takes no new work. DELETE /api/nodes/" + name
                                + "/drain takes that back"
                        : "It is stopping: it finishes what it has";
            case LOST ->
                "It died, hangs or is cut off; the others do its work. Look at the machine, start it again (./dozo node"
                        + " start K), or DELETE /api/nodes/" + name + " if it is gone for good";
        };
    }
}
