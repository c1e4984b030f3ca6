// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.index.FiledHeader;
import org.dozo.index.FiledHeaders;
import org.dozo.index.FiledHeaders.Order;
import org.dozo.index.StudyHeaders;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** Puts a condition to what is stored, before it is saved. Changes nothing; takes a few MiB, and ends after {@value #SECONDS} seconds. */
@Singleton
public class RuleTrial {

    /** The longest a trial takes; what it has found until then is its answer. */
    public static final int SECONDS = 20;

    public static final int MOST_STUDIES = 10_000;
    public static final int MOST_INSTANCES = 50_000;
    public static final int MOST_LISTED = 1000;
    public static final int MOST_EXAMPLES = 20;

    private static final String DAMAGED = "its kept header is damaged; run ./dozo reindex";

    private final FiledHeaders headers;
    private final Duration longest;

    @Inject
    public RuleTrial(FiledHeaders headers) {
        this(headers, Duration.ofSeconds(SECONDS));
    }

    RuleTrial(FiledHeaders headers, Duration longest) {
        this.headers = headers;
        this.longest = longest;
    }

    /** @throws FailureException {@link Failure#NOT_FOUND} if the study is not there */
    public StudyTrial onStudy(Condition condition, String studyInstanceUid) throws SQLException {
        OptionalLong study = headers.study(studyInstanceUid);
        if (study.isEmpty()) {
            throw new FailureException(Failure.NOT_FOUND, "There is no study with this Study Instance UID");
        }
        long start = System.nanoTime();
        LocalDate today = today();
        StudyHeaders instances = headers.of(study.getAsLong(), Order.NUMBER, MOST_INSTANCES + 1);
        List<StudyTrial.Verdict> verdicts = new ArrayList<>();
        int matching = 0;
        int seen = 0;
        FiledHeader header = instances.next();
        while (header != null && seen < MOST_INSTANCES && !isOver(start)) {
            Optional<String> whyNot = whyNot(condition, header, today);
            matching += whyNot.isEmpty() ? 1 : 0;
            if (seen++ < MOST_LISTED) {
                verdicts.add(
                        new StudyTrial.Verdict(header.seriesInstanceUid(), header.sopInstanceUid(), whyNot.orElse("")));
            }
            header = instances.next();
        }
        return new StudyTrial(matching, seen, header == null, verdicts);
    }

    private static Optional<String> whyNot(Condition condition, FiledHeader header, LocalDate today) {
        try {
            return condition.whyNot(facts(header, today));
        } catch (DicomFormatException e) {
            return Optional.of(DAMAGED);
        }
    }

    /** @param studies how many of the last ones, 1 to {@value #MOST_STUDIES} */
    public PastTrial onLatest(Condition condition, int studies) throws SQLException {
        if (studies < 1 || studies > MOST_STUDIES) {
            throw new FailureException(
                    Failure.INVALID_RECORD, "A rule is tested on the last 1 to " + MOST_STUDIES + " studies");
        }
        long start = System.nanoTime();
        LocalDate today = today();
        List<Long> latest = headers.latestStudies(studies);
        List<String> examples = new ArrayList<>();
        int matching = 0;
        int seen = 0;
        int[] unreadable = {0};
        for (long study : latest) {
            if (isOver(start)) {
                break;
            }
            Optional<String> match = match(condition, study, today, start, unreadable);
            if (match.isEmpty() && isOver(start)) {
                break;
            }
            seen++;
            if (match.isPresent()) {
                matching++;
                if (examples.size() < MOST_EXAMPLES) {
                    examples.add(match.get());
                }
            }
        }
        return new PastTrial(matching, seen, seen == latest.size(), unreadable[0], examples);
    }

    /** The study's UID if one of its instances matches. */
    private Optional<String> match(Condition condition, long study, LocalDate today, long start, int[] unreadable)
            throws SQLException {
        StudyHeaders instances = headers.of(study, Order.TURN, MOST_INSTANCES);
        FiledHeader header = instances.next();
        while (header != null && !isOver(start)) {
            try {
                if (condition.matches(facts(header, today))) {
                    return Optional.of(header.studyInstanceUid());
                }
            } catch (DicomFormatException e) {
                unreadable[0]++;
            }
            header = instances.next();
        }
        return Optional.empty();
    }

    private static HeaderFacts facts(FiledHeader header, LocalDate today) throws DicomFormatException {
        return new HeaderFacts(header.decode(), header.sourceAeTitle(), header.sourceAddress(), false, false, today);
    }

    private static LocalDate today() {
        return LocalDate.now(ZoneId.systemDefault());
    }

    private boolean isOver(long start) {
        return System.nanoTime() - start > longest.toNanos();
    }
}
