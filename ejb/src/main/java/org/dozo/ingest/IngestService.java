// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.DicomLimitException;
import org.dozo.dicom.io.HeaderBlob;
import org.dozo.dicom.io.ObjectScanner;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.dicom.io.ScannedObject;
import org.dozo.index.InstanceIndex;
import org.dozo.index.NewInstance;
import org.dozo.index.NewObject;
import org.dozo.index.ObjectLedger;
import org.dozo.index.Recorded;
import org.dozo.index.Recorded.Outcome;
import org.dozo.shared.Bytes;
import org.dozo.shared.CommitInDoubtException;
import org.dozo.shared.CurrentTerm;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.NodeTerm;
import org.dozo.storage.AdoptedObject;
import org.dozo.storage.Fixity;
import org.dozo.storage.ObjectStorage;
import org.dozo.storage.StagedObject;
import org.dozo.storage.StorageUnavailableException;
import org.dozo.storage.StoredCopy;
import org.dozo.storage.VolumeState;
import org.dozo.storage.VolumeStatus;

/**
 * Takes objects in. A return means that the bytes and their directory entries are durable on enough volumes and that the transaction
 * which records them has committed; after anything else, neither file nor row is left, but for a commit in doubt: that is settled by
 * recovery.
 */
@Singleton
public class IngestService {

    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final Duration OUTCOME_PATIENCE = Duration.ofSeconds(5);

    private final ObjectStorage storage;
    private final Database database;
    private final InstanceIndex index;
    private final ObjectLedger ledger;
    private final ParseLimits limits;
    private final CurrentTerm term;
    private final IngestMetrics metrics;

    @Inject
    public IngestService(
            ObjectStorage storage,
            Database database,
            InstanceIndex index,
            ObjectLedger ledger,
            ParseLimits limits,
            CurrentTerm term,
            IngestMetrics metrics) {
        this.storage = storage;
        this.database = database;
        this.index = index;
        this.ledger = ledger;
        this.limits = limits;
        this.term = term;
        this.metrics = metrics;
    }

    /**
     * Takes one object in and returns once it is safe.
     *
     * @throws FailureException if it is refused
     * @throws IOException if reading {@code dataSet} failed: the sender is gone
     */
    public Outcome ingest(Arrival arrival, InputStream dataSet) throws IOException {
        return take(arrival, dataSet).outcome();
    }

    /** As {@link #ingest}, for those who must recognise the object again. */
    public Taken take(Arrival arrival, InputStream dataSet) throws IOException {
        ArrivalCheck.verify(arrival);
        NodeTerm writer = term.get();
        try (StagedObject<ScannedObject> staged = stage(arrival, dataSet)) {
            NewInstance newcomer = describe(arrival, writer, staged);
            Outcome outcome = record(staged.name(), () -> storage.leaveInDoubt(staged), newcomer);
            if (outcome != Outcome.DUPLICATE) {
                storage.settle(staged);
            }
            return new Taken(outcome, Bytes.of(staged.sha256()));
        }
    }

    /**
     * As {@link #ingest} for a new object, and takes it all back: neither file nor row is left.
     *
     * @throws FailureException if it would be refused
     */
    void rehearse(Arrival arrival, InputStream dataSet) throws IOException {
        NodeTerm writer = term.get();
        try (StagedObject<ScannedObject> staged = stage(arrival, dataSet)) {
            NewInstance newcomer = describe(arrival, writer, staged);
            database.transaction(connection -> {
                index.record(connection, newcomer);
                throw new RehearsedException();
            });
        } catch (RehearsedException e) {
            // Rolled back, as it was meant to be.
        } catch (SQLException e) {
            throw new FailureException(Failure.of(e), "The database answered " + e.getSQLState(), e);
        }
    }

    /** Rolls the rehearsal back. */
    private static final class RehearsedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Records a file of an adopted volume where it lies: read once, its digests taken, nothing copied. It is the object's one copy,
     * whatever {@code storage.min-copies} asks of objects that come in.
     *
     * @param file a real path in an adopted volume
     * @param dataSetOffset bytes before the data set
     * @throws FailureException if it is refused
     * @throws IOException if the file can't be read or adopted
     */
    public Taken adopt(Arrival arrival, Path file, long dataSetOffset) throws IOException {
        ArrivalCheck.verify(arrival);
        NodeTerm writer = term.get();
        AdoptedObject<ScannedObject> adopted =
                checked(() -> storage.adopt(file, dataSetOffset, in -> scan(arrival, in)));
        NewObject object = object(arrival, writer, adopted.name(), adopted.fixity(), List.of(adopted.copy()));
        NewInstance newcomer = newInstance(adopted.content(), object);
        return new Taken(record(adopted.name(), () -> {}, newcomer), object.dataSetSha256());
    }

    /** @param dataSetSha256 of the data set as it came */
    public record Taken(Outcome outcome, Bytes dataSetSha256) {}

    private StagedObject<ScannedObject> stage(Arrival arrival, InputStream dataSet) throws IOException {
        long start = System.nanoTime();
        StagedObject<ScannedObject> staged =
                checked(() -> storage.stage(arrival.fileHead(), dataSet, in -> scan(arrival, in)));
        metrics.staged(staged.dataSetLength(), start);
        return staged;
    }

    /** Something that reads an object, with what is wrong as a failure. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    private <T> T checked(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (DicomFormatException e) {
            throw FailureException.of(Failure.CANNOT_UNDERSTAND, e);
        } catch (DicomLimitException e) {
            throw FailureException.of(Failure.LIMIT_EXCEEDED, e);
        } catch (StorageUnavailableException e) {
            throw FailureException.of(storageFailure(), e);
        }
    }

    /** Checked while the object is not yet durable: a refusal costs no fsync. */
    private ScannedObject scan(Arrival arrival, InputStream dataSet) throws IOException {
        ScannedObject scanned = ObjectScanner.scan(dataSet, arrival.transferSyntax(), limits);
        ArrivalCheck.verify(arrival, scanned.header());
        return scanned;
    }

    private Failure storageFailure() {
        Predicate<VolumeStatus> usable =
                volume -> volume.state() == VolumeState.FULL || volume.state() == VolumeState.ONLINE;
        List<VolumeStatus> volumes = storage.volumes().stream()
                .filter(volume -> volume.state() != VolumeState.ADOPTED)
                .toList();
        boolean full = volumes.stream().anyMatch(volume -> volume.state() == VolumeState.FULL);
        return full && volumes.stream().allMatch(usable) ? Failure.VOLUME_FULL : Failure.STORAGE_UNAVAILABLE;
    }

    private NewInstance describe(Arrival arrival, NodeTerm writer, StagedObject<ScannedObject> staged) {
        return newInstance(
                staged.content(), object(arrival, writer, staged.name(), staged.fixity(), storage.keep(staged)));
    }

    private static NewInstance newInstance(ScannedObject content, NewObject object) {
        return NewInstance.of(content.header(), Bytes.of(HeaderBlob.encode(content)), object);
    }

    private static NewObject object(
            Arrival arrival, NodeTerm writer, String name, Fixity fixity, List<StoredCopy> copies) {
        return new NewObject(
                name,
                arrival.transferSyntaxUid(),
                bytes(fixity.dataSetSha256()),
                Math.toIntExact(fixity.headLength()),
                fixity.dataSetLength(),
                bytes(fixity.headSha256()),
                arrival.sourceAeTitle(),
                arrival.sourceAddress(),
                writer,
                copies.stream()
                        .map(copy -> new NewObject.Copy(copy.volumeId(), copy.path()))
                        .toList());
    }

    private static Bytes bytes(String hexadecimal) {
        return Bytes.of(HexFormat.of().parseHex(hexadecimal));
    }

    /** @param inDoubt what is to be done with the files if nobody knows whether they are recorded */
    private Outcome record(String name, Runnable inDoubt, NewInstance newcomer) {
        long start = System.nanoTime();
        try {
            Recorded recorded = commit(newcomer);
            index.committed(newcomer, recorded);
            return recorded.outcome();
        } catch (CommitInDoubtException e) {
            return resolve(name, inDoubt, e);
        } catch (SQLException e) {
            // The database's own words may hold the values that it refused, hence its state only.
            throw new FailureException(
                    Failure.of(e), "The object could not be recorded: the database answered " + e.getSQLState(), e);
        } finally {
            metrics.recorded(start);
        }
    }

    private Recorded commit(NewInstance newcomer) throws SQLException {
        try {
            Optional<Recorded> recorded = index.recordAtOnce(database, newcomer);
            return recorded.isPresent() ? recorded.get() : transaction(newcomer);
        } catch (SQLException e) {
            boolean wasRemembered = index.forget(newcomer);
            if (wasRemembered && FOREIGN_KEY_VIOLATION.equals(e.getSQLState())) {
                // The remembered series is gone, as after a failover; without the memory it is made again.
                return transaction(newcomer);
            }
            throw e;
        }
    }

    private Recorded transaction(NewInstance newcomer) throws SQLException {
        return database.transaction(connection -> index.record(connection, newcomer));
    }

    /** What became of the object if the commit was not confirmed. */
    private Outcome resolve(String name, Runnable inDoubt, CommitInDoubtException doubt) {
        try {
            // Committed here but not on the standby: asking would only wait for the same standby.
            if (!doubt.isUnreplicated()) {
                if (ledger.isRecorded(name, OUTCOME_PATIENCE)) {
                    return Outcome.NEW;
                }
                throw new FailureException(
                        Failure.DATABASE_UNAVAILABLE,
                        "The database lost the transaction; send the object again",
                        doubt);
            }
        } catch (SQLException e) {
            doubt.addSuppressed(e);
        }
        inDoubt.run();
        throw new FailureException(
                Failure.COMMIT_IN_DOUBT, "Whether an object is recorded is not known yet; send it again", doubt);
    }
}
