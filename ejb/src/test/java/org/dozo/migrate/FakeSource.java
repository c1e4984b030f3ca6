// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DicomConnectionFactory;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Matches;
import org.dozo.dicom.Peer;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.RetrieveProgress;
import org.dozo.dicom.RetrieveResult;
import org.dozo.dicom.SubOperations;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.sending.UnaskedConnection;

/** An archive that is asked and has to send, or fails as it is told: C-FIND by UIDs, dates and times, C-MOVE into the archive under test. */
public final class FakeSource implements DicomConnectionFactory {

    private static final TransferSyntax SYNTAX = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;

    /** Where what it sends ends. */
    public interface Door {
        void take(String source, Dataset object, TransferSyntax syntax, InputStream dataSet) throws IOException;
    }

    private final String title;
    private final Door door;
    private final Map<String, Dataset> objects = new ConcurrentHashMap<>();

    /** Every question: level, a space, and the UID or range of dates asked for. */
    public final List<String> questions = new CopyOnWriteArrayList<>();

    /** SOP Instance UIDs in the order they were sent, again and again if they were. */
    public final List<String> sent = new CopyOnWriteArrayList<>();

    public final List<String> moves = new CopyOnWriteArrayList<>();
    public final AtomicInteger unreachable = new AtomicInteger();
    /** Matches of an answer; more are kept back without a word. */
    public volatile int cap = Integer.MAX_VALUE;

    /** Instances of every study that it counts and does not name. */
    public volatile int countsMore;

    public volatile boolean matchesByTime = true;
    /** SOP classes that it takes no part in. */
    public volatile Set<String> offersNot = Set.of();

    public volatile boolean knowsUs = true;
    /** Objects that it names and can't send. */
    public volatile Predicate<String> damaged = uid -> false;

    public volatile Runnable beforeEach = () -> {};

    public FakeSource(String title, Door door) {
        this.title = title;
        this.door = door;
    }

    public void add(Dataset object) {
        objects.put(object.getString(Tag.SOP_INSTANCE_UID, ""), object);
    }

    /** C-STORE of one object to the archive under test. */
    public void send(Dataset object) throws IOException {
        door.take(title, object, SYNTAX, new ByteArrayInputStream(DatasetWriter.toBytes(object, SYNTAX)));
        sent.add(object.getString(Tag.SOP_INSTANCE_UID, ""));
    }

    @Override
    public DicomConnection open(Peer peer, String callingAeTitle, List<ProposedContext> contexts) throws IOException {
        if (unreachable.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IOException("connection refused");
        }
        return new Connection();
    }

    private final class Connection extends UnaskedConnection {

        @Override
        public Set<String> acceptedTransferSyntaxUids(String abstractSyntaxUid) {
            return offersNot.contains(abstractSyntaxUid) ? Set.of() : Set.of(SYNTAX.uid());
        }

        @Override
        public DimseStatus find(String sopClassUid, Dataset identifier, Matches matches) throws IOException {
            String level = identifier.getString(Tag.QUERY_RETRIEVE_LEVEL, "");
            int uid = switch (level) {
                case "STUDY" -> Tag.STUDY_INSTANCE_UID;
                case "SERIES" -> Tag.SERIES_INSTANCE_UID;
                default -> Tag.SOP_INSTANCE_UID;
            };
            questions.add(level + " " + identifier.getString(Tag.STUDY_INSTANCE_UID, "")
                    + identifier.getString(Tag.STUDY_DATE, "") + identifier.getString(Tag.STUDY_TIME, ""));
            Map<String, Dataset> found = new LinkedHashMap<>();
            for (Dataset object : objects.values()) {
                if (fits(object, identifier)) {
                    found.computeIfAbsent(object.getString(uid, ""), none -> match(object, level));
                }
            }
            int given = 0;
            for (Dataset match : found.values()) {
                if (given++ < cap && !matches.isCancelled()) {
                    matches.add(match);
                }
            }
            return matches.isCancelled() ? new DimseStatus(0xFE00, "") : DimseStatus.SUCCESS;
        }

        private Dataset match(Dataset object, String level) {
            Dataset match = new Dataset();
            object.forEach(element -> {
                if (element.tag() != Tag.PIXEL_DATA) {
                    match.set(element);
                }
            });
            if (level.equals("STUDY")) {
                String study = object.getString(Tag.STUDY_INSTANCE_UID, "");
                List<Dataset> all = objects.values().stream()
                        .filter(each ->
                                each.getString(Tag.STUDY_INSTANCE_UID, "").equals(study))
                        .toList();
                match.setString(Tag.NUMBER_OF_STUDY_RELATED_INSTANCES, VR.IS, "" + (all.size() + countsMore));
                match.setStrings(
                        Tag.MODALITIES_IN_STUDY,
                        VR.CS,
                        all.stream()
                                .map(each -> each.getString(Tag.MODALITY, ""))
                                .distinct()
                                .toList());
            }
            return match;
        }

        @Override
        public RetrieveResult move(
                String sopClassUid, Dataset identifier, String destination, RetrieveProgress progress)
                throws IOException {
            if (!knowsUs) {
                return RetrieveResult.refused(new DimseStatus(0xA801, ""));
            }
            moves.add(identifier.getString(Tag.QUERY_RETRIEVE_LEVEL, ""));
            List<String> failed = new ArrayList<>();
            int done = 0;
            for (Dataset object : objects.values()) {
                if (!fits(object, identifier) || progress.isCancelled()) {
                    continue;
                }
                String uid = object.getString(Tag.SOP_INSTANCE_UID, "");
                beforeEach.run();
                if (damaged.test(uid)) {
                    failed.add(uid);
                } else {
                    send(object);
                    done++;
                }
                progress.pending(new SubOperations(0, done, failed.size(), 0));
            }
            return new RetrieveResult(
                    failed.isEmpty() ? DimseStatus.SUCCESS : new DimseStatus(0xB000, ""),
                    new SubOperations(0, done, failed.size(), 0),
                    failed);
        }

        private boolean fits(Dataset object, Dataset identifier) {
            for (int tag :
                    new int[] {Tag.STUDY_INSTANCE_UID, Tag.SERIES_INSTANCE_UID, Tag.SOP_INSTANCE_UID, Tag.PATIENT_ID}) {
                Set<String> wanted = new HashSet<>(identifier.getStrings(tag));
                wanted.remove("");
                if (!wanted.isEmpty() && !wanted.contains(object.getString(tag, ""))) {
                    return false;
                }
            }
            return isWithin(object, identifier, Tag.STUDY_DATE)
                    && (!matchesByTime || isWithin(object, identifier, Tag.STUDY_TIME));
        }

        private static boolean isWithin(Dataset object, Dataset identifier, int tag) {
            String range = identifier.getString(tag, "");
            String value = object.getString(tag, "");
            if (range.isEmpty()) {
                return true;
            }
            String[] ends = range.contains("-") ? range.split("-") : new String[] {range, range};
            return value.compareTo(ends[0]) >= 0 && value.compareTo(ends[1]) <= 0;
        }

        @Override
        public DimseStatus echo() {
            return DimseStatus.SUCCESS;
        }

        @Override
        public void release() {
            // Nothing is kept.
        }

        @Override
        public void close() {
            // Nothing is kept.
        }
    }
}
