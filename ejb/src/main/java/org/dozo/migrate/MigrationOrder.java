// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dozo.dicom.data.Uid;
import org.dozo.jobs.NewJob;
import org.dozo.jobs.Window;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.RecordFields;

/**
 * What is to be brought, and how fast: either studies by their UIDs, or all of a range of Study Dates.
 *
 * @param source AE title of a peer
 * @param studies Study Instance UIDs, at most {@value #MOST_STUDIES}; none for a sweep
 * @param sweep what is swept; empty for a list of studies
 * @param modality of at least one series of the study; empty for any
 * @param studiesAtOnce in the whole cluster, 1 to {@value #MOST_AT_ONCE}
 * @param studiesPerHour that are begun, evenly, by the whole cluster; 0 for no limit
 * @param objectsPerSecond on average, of all studies together; 0 for no limit
 * @param hours a part of every day such as 22:00-06:00; empty for all of it
 * @param matchLimit an answer of so many matches counts as cut; 0 for what the node's settings say
 * @param priority of the jobs, 0 to 9
 * @param note for people; at most 1000 characters
 */
public record MigrationOrder(
        String source,
        List<String> studies,
        Optional<Sweep> sweep,
        String modality,
        int studiesAtOnce,
        int studiesPerHour,
        int objectsPerSecond,
        String hours,
        int matchLimit,
        int priority,
        String note) {

    static final int MOST_AT_ONCE = 16;
    /** So many fit into a request of 1 MiB. */
    static final int MOST_STUDIES = 15_000;

    private static final String NOUN = "A migration";
    private static final int USUAL_AT_ONCE = 2;
    private static final int MOST_STUDIES_PER_HOUR = 100_000;
    private static final int MOST_OBJECTS_PER_SECOND = 100_000;
    private static final int MOST_MATCHES = 10_000;
    private static final int LONGEST_NOTE = 1000;
    private static final long MOST_YEARS = 200;
    private static final Pattern MODALITY = Pattern.compile("[A-Z0-9_ ]{0,16}");

    private static final List<String> FIELDS = List.of(
            "source",
            "studies",
            "from",
            "to",
            "modality",
            "studiesAtOnce",
            "studiesPerHour",
            "objectsPerSecond",
            "hours",
            "matchLimit",
            "priority",
            "note");

    /** Study Dates, both ends included. */
    public record Sweep(LocalDate from, LocalDate to) {}

    /** @throws FailureException {@link Failure#INVALID_RECORD} naming what is wrong */
    public MigrationOrder {
        studies = List.copyOf(new LinkedHashSet<>(studies));
        require(
                studies.isEmpty() == sweep.isPresent(),
                "needs either \"studies\", a list of Study Instance UIDs, or \"from\" and \"to\", two dates");
        require(studies.size() <= MOST_STUDIES, "takes at most " + MOST_STUDIES + " studies; make several of it");
        for (String study : studies) {
            require(Uid.isValid(study), "needs Study Instance UIDs in \"studies\"; one of them is none");
        }
        sweep.ifPresent(dates -> require(
                !dates.to().isBefore(dates.from()) && ChronoUnit.YEARS.between(dates.from(), dates.to()) < MOST_YEARS,
                "needs a date \"to\" that is not before \"from\" and less than " + MOST_YEARS + " years after it"));
        require(MODALITY.matcher(modality).matches(), "needs a modality such as CT for \"modality\"");
        require(
                studiesAtOnce >= 1 && studiesAtOnce <= MOST_AT_ONCE,
                "needs a number from 1 to " + MOST_AT_ONCE + " for \"studiesAtOnce\"");
        require(priority >= 0 && priority <= NewJob.STAT, "needs a number from 0 to 9 for \"priority\"");
        require(
                note.length() <= LONGEST_NOTE && note.indexOf('\0') < 0,
                "takes at most " + LONGEST_NOTE + " characters for \"note\"");
        if (!hours.isEmpty()) {
            try {
                hours = Window.parse(hours).toString();
            } catch (IllegalArgumentException e) {
                throw new FailureException(Failure.INVALID_RECORD, NOUN + " needs hours: " + e.getMessage(), e);
            }
        }
    }

    /** Bulk, two studies at once, as fast as the source is; what else is said, by name. */
    public static MigrationOrder read(Map<String, ?> fields) {
        RecordFields record = new RecordFields(NOUN, fields, FIELDS);
        return new MigrationOrder(
                record.text("source"),
                record.texts("studies"),
                sweep(record),
                record.text("modality", "").strip(),
                record.number("studiesAtOnce", USUAL_AT_ONCE, 1, MOST_AT_ONCE),
                record.number("studiesPerHour", 0, 0, MOST_STUDIES_PER_HOUR),
                record.number("objectsPerSecond", 0, 0, MOST_OBJECTS_PER_SECOND),
                record.text("hours", "").strip(),
                record.number("matchLimit", 0, 2, MOST_MATCHES),
                record.number("priority", NewJob.BULK, 0, NewJob.STAT),
                record.text("note", ""));
    }

    private static Optional<Sweep> sweep(RecordFields record) {
        return record.has("from") || record.has("to")
                ? Optional.of(new Sweep(date(record, "from"), date(record, "to")))
                : Optional.empty();
    }

    private static LocalDate date(RecordFields record, String field) {
        try {
            return LocalDate.parse(record.text(field));
        } catch (DateTimeParseException e) {
            throw new FailureException(
                    Failure.INVALID_RECORD, NOUN + " needs a date such as 2019-01-31 for \"" + field + "\"", e);
        }
    }

    private static void require(boolean holds, String fault) {
        if (!holds) {
            throw new FailureException(Failure.INVALID_RECORD, NOUN + " " + fault);
        }
    }
}
