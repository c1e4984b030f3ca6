// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonParser;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.io.DicomJsonReader;
import org.dozo.dicom.io.DicomJsonWriter;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * The corrections of the archive's objects. Objects are kept as they were received; whoever gives one out applies its patch
 * ({@code org.dozo.dicom.io.Patch}).
 */
@Singleton
public class Corrections {

    private static final int LONGEST_REASON = 1000;
    private static final int LONGEST_JSON = 256 << 10;

    /** What makes an object this object, or says how its bytes are to be read. */
    private static final Set<Integer> UNTOUCHABLE = Set.of(
            Tag.SPECIFIC_CHARACTER_SET,
            Tag.SOP_CLASS_UID,
            Tag.SOP_INSTANCE_UID,
            Tag.PIXEL_REPRESENTATION,
            Tag.BITS_ALLOCATED);

    /** Lower levels last, and within one level the later ones: the last of an attribute counts. An empty table is not searched at all. */
    private static final String FIND = """
            WITH wanted AS (
                SELECT instance.id, series.id AS series_id, study.id AS study_id, study.patient_fk AS patient_id
                FROM instance JOIN series ON series.id = instance.series_fk JOIN study ON study.id = series.study_fk
                WHERE instance.id = ANY (?) AND EXISTS (SELECT 1 FROM correction))
            SELECT wanted.id, 1 AS level, c.id AS correction, c.attributes::text
                FROM wanted JOIN correction c ON c.patient_fk = wanted.patient_id
            UNION ALL SELECT wanted.id, 2, c.id, c.attributes::text
                FROM wanted JOIN correction c ON c.study_fk = wanted.study_id
            UNION ALL SELECT wanted.id, 3, c.id, c.attributes::text
                FROM wanted JOIN correction c ON c.series_fk = wanted.series_id
            UNION ALL SELECT wanted.id, 4, c.id, c.attributes::text
                FROM wanted JOIN correction c ON c.instance_fk = wanted.id
            ORDER BY level, correction""";

    private final Database database;

    @Inject
    public Corrections(Database database) {
        this.database = database;
    }

    /** What to change in one instance, by {@code instance.id}: empty if nothing. Its character set is that of the patch's own text. */
    public Dataset patchFor(long instanceId) throws SQLException {
        return patchesFor(List.of(instanceId)).getOrDefault(instanceId, new Dataset());
    }

    /** What to change in each of these instances, by {@code instance.id}; those without a correction are not in it. */
    public Map<Long, Dataset> patchesFor(Collection<Long> instanceIds) throws SQLException {
        return instanceIds.isEmpty() ? Map.of() : database.read(connection -> find(connection, instanceIds));
    }

    /**
     * Writes a correction in the caller's transaction.
     *
     * @return its key
     * @throws FailureException {@link Failure#INVALID_RECORD} if it has no attribute, or one that can't be corrected
     */
    public static long record(Connection connection, Correction correction) throws SQLException {
        String json = json(correction);
        String column = correction.level().column();
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO correction (" + column
                + ", attributes, reason, created_by) VALUES (?, ?::jsonb, ?, ?) RETURNING id")) {
            new Parameters(statement)
                    .id(correction.key())
                    .text(json)
                    .text(correction.reason())
                    .text(correction.createdBy());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Takes a correction back, in the caller's transaction. @return whether there was one of this key */
    public static boolean revoke(Connection connection, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM correction WHERE id = ?")) {
            statement.setLong(1, id);
            return statement.executeUpdate() > 0;
        }
    }

    private static Map<Long, Dataset> find(Connection connection, Collection<Long> instanceIds) throws SQLException {
        Map<Long, Dataset> patches = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            new Parameters(statement).array("int8", instanceIds.toArray());
            Map<Long, Dataset> parsed = new HashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Dataset attributes = parsed.get(row.getLong(3));
                    if (attributes == null) {
                        attributes = parse(row.getLong(3), row.getString(4));
                        parsed.put(row.getLong(3), attributes);
                    }
                    Dataset patch = patches.computeIfAbsent(row.getLong(1), id -> new Dataset());
                    attributes.forEach(patch::set);
                }
            }
        }
        return patches;
    }

    private static Dataset parse(long id, String json) throws SQLException {
        try (JsonParser parser = Json.createParser(new StringReader(json))) {
            return new DicomJsonReader(parser, ParseLimits.DEFAULT, (path, vr, uri) -> null).read();
        } catch (IOException | JsonException e) {
            throw new SQLException("The attributes of correction " + id + " can't be read", "22030", e);
        }
    }

    /** Whether an attribute can be given another value on the way out at all. */
    public static boolean isCorrectable(int tag) {
        return !UNTOUCHABLE.contains(tag)
                && Tag.group(tag) > 0x0004
                && !Tag.isPixelData(tag)
                && !Tag.isGroupLength(tag);
    }

    private static String json(Correction correction) {
        require(!correction.attributes().isEmpty(), "must name an attribute");
        require(
                !correction.reason().isBlank() && correction.reason().length() <= LONGEST_REASON,
                "needs a reason of 1 to " + LONGEST_REASON + " characters");
        for (Element element : correction.attributes()) {
            int tag = element.tag();
            boolean correctable = isCorrectable(tag) && !element.isEncapsulated();
            // Its own character set says how its text is to be read, and is no part of it.
            boolean isOwnCharacterSet =
                    tag == Tag.SPECIFIC_CHARACTER_SET && correction.attributes().size() > 1;
            require(correctable || isOwnCharacterSet, "can't change " + Tag.toString(tag));
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator out = Json.createGenerator(text)) {
            new DicomJsonWriter(out, value -> null).write(correction.attributes());
        }
        // JSON writes it escaped; PostgreSQL's jsonb knows no NUL.
        require(text.toString().indexOf("\\u0000") < 0, "has a NUL character in a text");
        require(text.getBuffer().length() <= LONGEST_JSON, "has more than " + LONGEST_JSON + " characters");
        return text.toString();
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new FailureException(Failure.INVALID_RECORD, "A correction " + rule);
        }
    }
}
