// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dozo.cluster.NodeStatus;
import org.dozo.cluster.RegisteredNode;
import org.dozo.index.ArchiveCounts;
import org.dozo.jobs.JobCounts;
import org.dozo.storage.VolumeStatus;

/**
 * The archive at a glance.
 *
 * @param node the one that answers
 * @param nodes all of the cluster; empty if the database does not answer
 * @param counts empty if the database does not answer
 * @param jobs by kind; empty if there are none or the database does not answer
 */
record Status(
        String version,
        NodeStatus node,
        List<RegisteredNode> nodes,
        Optional<ArchiveCounts> counts,
        List<VolumeStatus> volumes,
        Map<String, JobCounts> jobs,
        boolean evaluation) {}
