// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.access.AccessSettings;
import org.dozo.access.Destinations;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.index.PriorRequest;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Jobs;
import org.dozo.jobs.Lease;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.RetryPlan;
import org.dozo.settings.PullSettings;
import org.dozo.shared.Database;
import org.dozo.shared.Statements;

/**
 * Finds priors of a patient in another archive by Patient ID, and has those brought that are not here. A study that tells another birth
 * date or issuer than the index has is left alone: one ID may be two patients in two archives.
 */
@Singleton
public class PriorPullHandler implements JobHandler {

    private static final Logger LOG = Logger.getLogger(PriorPullHandler.class.getName());

    private static final int MOST_CANDIDATES = 1000;
    private static final int MOST_LOOKED_INTO = 100;

    private static final String PATIENT = """
            SELECT patient.patient_id, patient.issuer, patient.birth_date FROM study
            JOIN patient ON patient.id = study.patient_fk WHERE study.study_instance_uid = ?""";

    private static final String HELD = """
            SELECT count(*) FROM study JOIN series ON series.study_fk = study.id JOIN instance ON instance.series_fk = series.id
            WHERE study.study_instance_uid = ?""";

    private final Database database;
    private final PeerRegistry peers;
    private final Destinations destinations;
    private final AccessSettings access;
    private final MigrationLedger ledger;
    private final Jobs jobs;
    private final PullSettings settings;
    private final JobKind kind;

    private record Patient(String id, String issuer, String birthDate) {}

    @Inject
    public PriorPullHandler(
            Database database,
            PeerRegistry peers,
            Destinations destinations,
            AccessSettings access,
            MigrationLedger ledger,
            Jobs jobs,
            PullSettings settings) {
        this.database = database;
        this.peers = peers;
        this.destinations = destinations;
        this.access = access;
        this.ledger = ledger;
        this.jobs = jobs;
        this.settings = settings;
        this.kind = new JobKind(
                PriorRequest.JOB,
                settings.associations(),
                1,
                settings.associationsPerSource(),
                JobKind.LEASE,
                new RetryPlan(6, Duration.ofSeconds(5), 2, Duration.ofMinutes(5), 0.2));
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(JobRun run) throws SQLException {
        Lease lease = run.leases().getFirst();
        try {
            bring(run, lease, PriorRequest.of(lease.payload(), lease.priority()));
        } catch (LeaseLostException e) {
            LOG.log(Level.FINE, e, () -> "Job " + lease.jobId() + " is in other hands");
        }
    }

    private void bring(JobRun run, Lease lease, PriorRequest request) throws SQLException, LeaseLostException {
        Optional<Patient> patient = database.read(connection -> patient(connection, request.study()));
        Optional<KnownPeer> peer = peers.get(request.source());
        if (peer.isEmpty()) {
            fail(run, lease, "There is no peer " + request.source());
            return;
        }
        List<String> wanted = List.of();
        if (patient.isPresent() && isAskable(patient.get().id())) {
            try (SourceArchive source = SourceArchive.open(destinations.of(peer.get()), access.aeTitle())) {
                wanted = priors(source, request, patient.get());
            } catch (SourceRefusedException | IOException e) {
                fail(run, lease, String.valueOf(e.getMessage()));
                return;
            }
        }
        List<String> missing = wanted;
        database.<Boolean, LeaseLostException>transaction(connection -> {
            if (missing.isEmpty()) {
                jobs.announce(connection, request.next());
            } else {
                ledger.add(connection, order(request, missing), settings.matchLimit(), request.next());
            }
            run.complete(connection, lease);
            return true;
        });
    }

    private static MigrationOrder order(PriorRequest request, List<String> studies) {
        return new MigrationOrder(
                request.source(),
                studies,
                Optional.empty(),
                "",
                1,
                0,
                "",
                0,
                request.priority(),
                "Priors for " + request.next().key());
    }

    /** What has a wildcard in it, or is a list, would ask for other patients. */
    private static boolean isAskable(String patientId) {
        return !patientId.isBlank() && patientId.chars().noneMatch(c -> c == '*' || c == '?' || c == '\\');
    }

    private static Optional<Patient> patient(Connection connection, String study) throws SQLException {
        try (PreparedStatement statement = Statements.prepare(connection, PATIENT, study);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            String birth = row.getString(3);
            return Optional.of(
                    new Patient(row.getString(1), row.getString(2), birth == null ? "" : birth.replace("-", "")));
        }
    }

    /** The newest that fit, as many as are wanted; of these, those that are not here. */
    private List<String> priors(SourceArchive source, PriorRequest request, Patient patient)
            throws IOException, SourceRefusedException, SQLException {
        Dataset keys = new Dataset()
                .setString(
                        Tag.STUDY_DATE,
                        VR.DA,
                        request.from().format(DateTimeFormatter.BASIC_ISO_DATE) + "-"
                                + request.to().format(DateTimeFormatter.BASIC_ISO_DATE))
                .setString(Tag.STUDY_TIME, VR.TM, "")
                .setString(Tag.MODALITIES_IN_STUDY, VR.CS, "")
                .setString(Tag.PATIENT_ID, VR.LO, patient.id())
                .setString(Tag.ISSUER_OF_PATIENT_ID, VR.LO, "")
                .setString(Tag.PATIENT_BIRTH_DATE, VR.DA, "")
                .setString(Tag.NUMBER_OF_STUDY_RELATED_INSTANCES, VR.IS, "");
        List<Dataset> candidates = source.studies(keys, MOST_CANDIDATES).stream()
                .filter(match -> isOf(patient, match))
                .filter(match -> !match.getString(Tag.STUDY_INSTANCE_UID, "").equals(request.study()))
                .filter(match -> fits(match.getStrings(Tag.MODALITIES_IN_STUDY), request.modalities()))
                .sorted(Comparator.comparing(PriorPullHandler::moment).reversed())
                .limit(MOST_LOOKED_INTO)
                .toList();
        List<String> missing = new ArrayList<>();
        int taken = 0;
        for (Dataset candidate : candidates) {
            String study = candidate.getString(Tag.STUDY_INSTANCE_UID, "");
            if (taken < request.most() && hasSeries(source, study, request)) {
                taken++;
                if (held(study) < Math.max(1, candidate.getInt(Tag.NUMBER_OF_STUDY_RELATED_INSTANCES, 1))) {
                    missing.add(study);
                }
            }
        }
        return missing;
    }

    private static boolean isOf(Patient patient, Dataset match) {
        return match.getString(Tag.PATIENT_ID, patient.id()).strip().equals(patient.id())
                && agree(match.getString(Tag.ISSUER_OF_PATIENT_ID, "").strip(), patient.issuer())
                && agree(match.getString(Tag.PATIENT_BIRTH_DATE, "").strip(), patient.birthDate());
    }

    private static boolean agree(String theirs, String ours) {
        return theirs.isEmpty() || ours.isEmpty() || theirs.equals(ours);
    }

    private static String moment(Dataset match) {
        return match.getString(Tag.STUDY_DATE, "") + match.getString(Tag.STUDY_TIME, "");
    }

    /** What is not told may fit. */
    private static boolean fits(List<String> told, List<String> wanted) {
        return wanted.isEmpty() || told.isEmpty() || told.stream().anyMatch(wanted::contains);
    }

    private static boolean hasSeries(SourceArchive source, String study, PriorRequest request)
            throws IOException, SourceRefusedException {
        if (request.bodyParts().isEmpty() && request.modalities().isEmpty()) {
            return true;
        }
        return source.series(study).stream()
                .anyMatch(series -> isOne(series.getString(Tag.MODALITY, ""), request.modalities())
                        && isOne(series.getString(Tag.BODY_PART_EXAMINED, ""), request.bodyParts()));
    }

    private static boolean isOne(String told, List<String> wanted) {
        return wanted.isEmpty() || wanted.contains(told);
    }

    private long held(String study) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement = Statements.prepare(connection, HELD, study);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    private void fail(JobRun run, Lease lease, String error) throws SQLException, LeaseLostException {
        database.<Boolean, LeaseLostException>transaction(connection -> {
            run.fail(connection, lease, error);
            return true;
        });
    }

    @Override
    public String remedy() {
        return "Mend what the error names, then retry the job; cancelled, only the priors that are here are sent";
    }
}
