// SPDX-License-Identifier: Apache-2.0
package org.dozo.availability;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import org.dozo.access.AccessSettings;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DicomConnectionFactory;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.SopReference;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.index.InstanceIndex;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Lease;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.RetryPlan;
import org.dozo.settings.AvailabilitySettings;
import org.dozo.shared.Database;

/**
 * Tells a peer of a study once nothing of it has come for the quiet time, until the peer has taken it: all that is there of it then. What
 * comes later makes it be told again. A lane a peer.
 */
@Singleton
public class AvailabilityHandler implements JobHandler {

    private static final Logger LOG = Logger.getLogger(AvailabilityHandler.class.getName());

    /** Instances that one notification names; a larger study takes several. */
    private static final int MOST = 10_000;

    /** It was told before, and its answer got lost. PS3.7 §C.5.4. */
    private static final int DUPLICATE_SOP_INSTANCE = 0x0111;

    /** For about eight hours. */
    private static final RetryPlan RETRY = new RetryPlan(100, Duration.ofSeconds(5), 2, Duration.ofMinutes(5), 0.2);

    private static final List<ProposedContext> CONTEXTS = List.of(new ProposedContext(
            SopClasses.INSTANCE_AVAILABILITY,
            List.of(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid())));

    /** Milliseconds since the last object came; a row of NULL if there is none. */
    private static final String SILENCE = """
            SELECT extract(epoch FROM clock_timestamp() - max(object.received_at)) * 1000 FROM study
            JOIN series ON series.study_fk = study.id JOIN instance ON instance.series_fk = series.id
            JOIN stored_object AS object ON object.instance_fk = instance.id WHERE study.study_instance_uid = ?""";

    private static final String INSTANCES = """
            SELECT series.series_instance_uid, instance.sop_class_uid, instance.sop_instance_uid FROM study
            JOIN series ON series.study_fk = study.id JOIN instance ON instance.series_fk = series.id
            WHERE study.study_instance_uid = ? AND EXISTS (
                SELECT FROM stored_object WHERE instance_fk = instance.id AND state = 'CURRENT')
            ORDER BY series.id, instance.id""";

    private final Database database;
    private final PeerRegistry peers;
    private final DicomConnectionFactory connections;
    private final String aeTitle;
    private final Duration quiet;
    private final JobKind kind;

    @Inject
    public AvailabilityHandler(
            Database database,
            PeerRegistry peers,
            DicomConnectionFactory connections,
            AccessSettings access,
            AvailabilitySettings settings) {
        this(database, peers, connections, access, settings, RETRY);
    }

    AvailabilityHandler(
            Database database,
            PeerRegistry peers,
            DicomConnectionFactory connections,
            AccessSettings access,
            AvailabilitySettings settings,
            RetryPlan retry) {
        this.database = database;
        this.peers = peers;
        this.connections = connections;
        this.aeTitle = access.aeTitle();
        this.quiet = settings.quiet();
        this.kind = new JobKind(InstanceIndex.AVAILABLE_JOB, 4, 1, 1, JobKind.LEASE, retry);
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(JobRun run) throws SQLException, IOException, LeaseLostException {
        for (Lease lease : run.leases()) {
            String study = lease.key().substring(0, lease.key().indexOf('/'));
            Optional<KnownPeer> peer = peers.get(lease.lane()).filter(KnownPeer::notified);
            if (peer.isPresent()) {
                Duration rest = database.read(connection -> untilQuiet(connection, study));
                if (rest.isPositive()) {
                    database.<Boolean, LeaseLostException>transaction(connection -> {
                        run.putOff(connection, lease, rest, "");
                        return true;
                    });
                    continue;
                }
                tell(peer.get(), study, database.read(connection -> instances(connection, study)));
            }
            database.<Boolean, LeaseLostException>transaction(connection -> {
                run.complete(connection, lease);
                return true;
            });
        }
    }

    /** Zero if nothing is to be waited for. */
    private Duration untilQuiet(Connection connection, String study) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SILENCE)) {
            statement.setString(1, study);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long silent = row.getLong(1);
                boolean known = !row.wasNull();
                Duration rest = quiet.minusMillis(silent);
                return known && rest.isPositive() ? rest : Duration.ZERO;
            }
        }
    }

    private static List<Notice.Instance> instances(Connection connection, String study) throws SQLException {
        List<Notice.Instance> instances = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(INSTANCES)) {
            statement.setString(1, study);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    instances.add(new Notice.Instance(
                            row.getString(1), new SopReference(row.getString(2), row.getString(3))));
                }
            }
        }
        return instances;
    }

    private void tell(KnownPeer peer, String study, List<Notice.Instance> instances) throws IOException {
        if (instances.isEmpty()) {
            return;
        }
        try (DicomConnection connection = connections.open(peer.address(), aeTitle, CONTEXTS)) {
            if (connection
                    .acceptedTransferSyntaxUids(SopClasses.INSTANCE_AVAILABILITY)
                    .isEmpty()) {
                throw new IOException(peer.aeTitle() + " takes no Instance Availability Notification");
            }
            for (int from = 0; from < instances.size(); from += MOST) {
                Notice notice =
                        new Notice(study, aeTitle, instances.subList(from, Math.min(from + MOST, instances.size())));
                DimseStatus status =
                        connection.create(SopClasses.INSTANCE_AVAILABILITY, notice.uid(), notice.attributes());
                if (!status.isDone() && status.code() != DUPLICATE_SOP_INSTANCE) {
                    throw new IOException(
                            peer.aeTitle() + " did not take the Instance Availability Notification: " + status);
                }
            }
            connection.release();
        }
        LOG.fine(() -> peer.aeTitle() + " was told of " + instances.size() + " instances of a study");
    }

    @Override
    public String remedy() {
        return "Let the peer take Instance Availability Notification (PS3.4 R, N-CREATE) at its configured host and port, then retry"
                + " the job; or cancel it, and tell it of nothing any more by PUT of the peer with \"notify\": false";
    }
}
