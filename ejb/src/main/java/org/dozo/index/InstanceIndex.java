// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Logger;
import org.dozo.index.Recorded.Outcome;
import org.dozo.jobs.JobBell;
import org.dozo.shared.Database;
import org.jspecify.annotations.Nullable;

/**
 * Records objects. The first to come gives the attributes of patient, study and series; a later object that says otherwise is filed all
 * the same and the discrepancy put on the record. Nothing recorded is ever overwritten.
 */
@Singleton
public class InstanceIndex {

    /** The kind of job that tells of an object that is shown from now on. Its key is the object's name. */
    public static final String ARRIVAL_JOB = "arrival";

    /** The kind of job that tells that whoever sent objects of a study knows them to be safe. Its key is the Study Instance UID. */
    public static final String COMMITTED_JOB = "committed";

    /**
     * The kind of job that tells a peer of a study when nothing of it has come for a while. Its key is the Study Instance UID, a slash, and
     * the peer's AE title.
     */
    public static final String AVAILABLE_JOB = "availability";

    private static final Logger LOG = Logger.getLogger(InstanceIndex.class.getName());

    /** The lock makes resends of one object come one after the other, and the commit reach the log: see {@link ObjectLedger}. */
    private static final String KNOWN_INSTANCE = """
            SELECT instance.id, series.id, series.series_instance_uid, study.study_instance_uid
            FROM instance JOIN series ON series.id = instance.series_fk JOIN study ON study.id = series.study_fk
            WHERE sop_instance_uid = ? FOR NO KEY UPDATE OF instance""";

    private final SeriesFiling filing;
    private final DuplicatePolicy duplicates;
    private final JobBell bell;
    /** Spares the way from patient to series for all but the first object. Only committed rows that agree with the object. */
    private final SeriesMemory knownSeries = new SeriesMemory();

    /** Series whose first discrepancy was logged. */
    private final SeriesMemory toldSeries = new SeriesMemory();

    @Inject
    public InstanceIndex(PatientRegistry patients, DuplicatePolicy duplicates, JobBell bell) {
        this.filing = new SeriesFiling(patients);
        this.duplicates = duplicates;
        this.bell = bell;
    }

    /** Rings no bell: the sweeper finds what has arrived. */
    public InstanceIndex(PatientRegistry patients, DuplicatePolicy duplicates) {
        this(patients, duplicates, new JobBell());
    }

    /**
     * Records one object in a transaction that is a single round trip, if its series is remembered and its instance new: so it is for
     * nearly all. Call {@link #committed} or {@link #forget} afterwards as for {@link #record}.
     *
     * @return empty if it takes more than that, and nothing was done
     */
    public Optional<Recorded> recordAtOnce(Database database, NewInstance newcomer) throws SQLException {
        Long known = knownSeries.find(newcomer.seriesKey());
        return known == null
                ? Optional.empty()
                : ObjectRows.commitNew(database, newcomer, SeriesPlace.known(known))
                        .map(written ->
                                new Recorded(Outcome.NEW, written.instanceId(), written.objectId(), Set.of(), null));
    }

    /**
     * Records one object in the caller's transaction. Of many transactions with the same SOP Instance UID one makes the instance; the
     * others wait for its end and find it.
     *
     * <p><em>Pitfalls:</em> call {@link #committed} after the commit, {@link #forget} if there was none.
     */
    public Recorded record(Connection connection, NewInstance newcomer) throws SQLException {
        Long known = knownSeries.find(newcomer.seriesKey());
        SeriesPlace place = known == null ? filing.file(connection, newcomer) : SeriesPlace.known(known);
        ObjectRows.Written written = ObjectRows.insertNew(connection, newcomer, place);
        if (written == null) {
            place.undo(connection);
            return recordKnown(connection, newcomer);
        }
        DiscrepancyLedger.write(connection, place.discrepancies(), newcomer, written);
        return new Recorded(
                Outcome.NEW,
                written.instanceId(),
                written.objectId(),
                place.discrepancies(),
                learnt(newcomer, place, known));
    }

    private static Recorded.@Nullable Learnt learnt(NewInstance newcomer, SeriesPlace place, @Nullable Long known) {
        return known == null && !place.discrepancies().contains(Discrepancy.OTHER_PATIENT)
                ? new Recorded.Learnt(newcomer.seriesKey(), place.seriesId())
                : null;
    }

    /** Where a known instance is filed. */
    private record Filed(long instanceId, long seriesId, boolean asNewcomerSays) {}

    private Recorded recordKnown(Connection connection, NewInstance newcomer) throws SQLException {
        Filed filed = find(connection, newcomer);
        ObjectRows.Written written =
                ObjectRows.insertAlternate(connection, newcomer, filed.instanceId(), filed.seriesId());
        if (written == null) {
            return new Recorded(Outcome.DUPLICATE, filed.instanceId(), 0, Set.of(), null);
        }
        Set<Discrepancy> kinds =
                EnumSet.of(filed.asNewcomerSays() ? Discrepancy.OTHER_CONTENT : Discrepancy.OTHER_SERIES);
        DiscrepancyLedger.write(connection, kinds, newcomer, written);
        boolean replaces = duplicates == DuplicatePolicy.KEEP_LATEST && filed.asNewcomerSays();
        if (replaces) {
            ObjectRows.show(connection, newcomer, written);
        }
        Outcome outcome = replaces ? Outcome.REPLACEMENT : Outcome.ALTERNATE;
        return new Recorded(outcome, written.instanceId(), written.objectId(), kinds, null);
    }

    private static Filed find(Connection connection, NewInstance newcomer) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KNOWN_INSTANCE)) {
            statement.setString(1, newcomer.instance().sopInstanceUid());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException(
                            "An instance was deleted while it was sent again; send it once more", "40001");
                }
                boolean same = row.getString(3).equals(newcomer.series().seriesInstanceUid())
                        && row.getString(4).equals(newcomer.study().studyInstanceUid());
                return new Filed(row.getLong(1), row.getLong(2), same);
            }
        }
    }

    /** The transaction has committed: the bell is rung, its series may be remembered, its discrepancies told (once a series, all are in the table). */
    public void committed(NewInstance newcomer, Recorded recorded) {
        if (recorded.outcome() == Outcome.NEW || recorded.outcome() == Outcome.REPLACEMENT) {
            bell.ring(ARRIVAL_JOB, newcomer.arrivalPriority());
        }
        Recorded.Learnt learnt = recorded.learnt();
        if (learnt != null) {
            knownSeries.remember(learnt.key(), learnt.seriesId());
        }
        if (!recorded.discrepancies().isEmpty() && toldSeries.find(newcomer.seriesKey()) == null) {
            toldSeries.remember(newcomer.seriesKey(), recorded.objectId());
            LOG.warning(
                    () -> "DOZO-IDX-001 Object " + newcomer.object().name() + " does not fit what was known before ("
                            + recorded.discrepancies()
                            + "); it is kept, and on the record in table discrepancy. Remedy: compare the two and correct at the source");
        }
    }

    /**
     * To be called when the transaction has failed: the next object of the series goes the long way.
     *
     * @return whether the series was remembered, and so may be the reason
     */
    public boolean forget(NewInstance newcomer) {
        return knownSeries.forget(newcomer.seriesKey());
    }
}
