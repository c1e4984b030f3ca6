// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.PersonName;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.index.UtcOffset;
import org.dozo.query.IndexedAttribute.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Makes the identifier that answers: what the index keeps from its columns, everything else from a kept header. The one place where
 * corrections have to be laid over.
 */
final class MatchBuilder {

    /** Attributes of a series that are one of the study's as well as they can be: those of its first object. */
    private static final Set<Integer> REPRESENTATIVE =
            Set.of(Tag.INSTITUTION_NAME, Tag.STATION_NAME, Tag.BODY_PART_EXAMINED);

    /** What "all attributes" adds from the header, PS3.3 §C.7.1.1, §C.7.1.3, §C.7.2.1, §C.7.2.2. */
    private static final Set<Integer> OF_PATIENT =
            Set.of(Tag.OTHER_PATIENT_IDS_SEQUENCE, Tag.PATIENT_BIRTH_TIME, Tag.ETHNIC_GROUP, Tag.PATIENT_COMMENTS);

    private static final Set<Integer> OF_STUDY = Set.of(
            Tag.TIMEZONE_OFFSET_FROM_UTC,
            Tag.ISSUER_OF_ACCESSION_NUMBER_SEQUENCE,
            Tag.PROCEDURE_CODE_SEQUENCE,
            Tag.NAME_OF_PHYSICIANS_READING_STUDY,
            Tag.ADMITTING_DIAGNOSES_DESCRIPTION,
            Tag.PATIENT_AGE,
            Tag.PATIENT_SIZE,
            Tag.PATIENT_WEIGHT);

    /** PS3.3 §C.7.3.1, §C.7.5.1. */
    private static final Set<Integer> OF_SERIES = Set.of(
            Tag.PERFORMING_PHYSICIAN_NAME,
            Tag.OPERATORS_NAME,
            Tag.PROTOCOL_NAME,
            Tag.PATIENT_POSITION,
            Tag.MANUFACTURER,
            Tag.MANUFACTURER_MODEL_NAME,
            Tag.INSTITUTIONAL_DEPARTMENT_NAME,
            Tag.FRAME_OF_REFERENCE_UID,
            Tag.PERFORMED_PROCEDURE_STEP_ID,
            Tag.REQUEST_ATTRIBUTES_SEQUENCE);

    private static final String ONLINE = "ONLINE";

    private final QueryLevel level;
    private final Dataset identifier;
    private final boolean everyAttribute;
    private final @Nullable QueryZone zone;
    private final List<IndexedAttribute> columns;
    private final Set<Integer> fromHeader;

    /** @param zone that the answer is in; null for that of the objects */
    MatchBuilder(StudyQuery query, @Nullable QueryZone zone) {
        level = query.level();
        identifier = query.identifier();
        everyAttribute = query.everyAttribute();
        this.zone = zone;
        Set<Integer> tags = new TreeSet<>(Integer::compareUnsigned);
        identifier.forEach(element -> tags.add(element.tag()));
        if (everyAttribute) {
            IndexedAttribute.upTo(level).forEach(attribute -> tags.add(attribute.tag()));
            tags.addAll(OF_PATIENT);
            tags.addAll(level.reaches(QueryLevel.STUDY) ? OF_STUDY : Set.of());
            tags.addAll(level.reaches(QueryLevel.SERIES) ? OF_SERIES : Set.of());
            tags.add(Tag.INSTANCE_AVAILABILITY);
        }
        columns = tags.stream()
                .map(IndexedAttribute::of)
                .flatMap(Stream::ofNullable)
                .filter(attribute -> level.reaches(attribute.level()))
                .toList();
        fromHeader = tags.stream().filter(this::isFromHeader).collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean isFromHeader(int tag) {
        IndexedAttribute attribute = IndexedAttribute.of(tag);
        boolean ours = attribute != null && (level.reaches(attribute.level()) || !REPRESENTATIVE.contains(tag));
        return !ours
                && tag != Tag.SPECIFIC_CHARACTER_SET
                && tag != Tag.QUERY_RETRIEVE_LEVEL
                && tag != Tag.RETRIEVE_AE_TITLE
                && tag != Tag.INSTANCE_AVAILABILITY
                && !Tag.isGroupLength(tag)
                && !Tag.isPrivateCreator(tag);
    }

    /** What the database must give. */
    List<IndexedAttribute> columns() {
        return zone == null
                ? columns
                : columns.stream()
                        .flatMap(MatchBuilder::withItsMoment)
                        .distinct()
                        .toList();
    }

    /** A date or time can be moved to another zone only with all that makes it a moment. */
    private static Stream<IndexedAttribute> withItsMoment(IndexedAttribute attribute) {
        IndexedAttribute other = attribute.kind() == Kind.DATE ? attribute.time() : attribute.date();
        return other == null ? Stream.of(attribute) : Stream.of(attribute, other, attribute.utcOffset());
    }

    boolean needsHeader() {
        return !fromHeader.isEmpty() || (everyAttribute && level == QueryLevel.IMAGE);
    }

    /**
     * The answer in UTF-8.
     *
     * @param values by tag, of {@link #columns}; several of one attribute between backslashes
     * @param header of the instance, or the first one of series, study or patient; null if it was not asked for or is not there
     */
    Dataset build(Map<Integer, String> values, @Nullable Dataset header) {
        Dataset match = new Dataset().setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192");
        if (header != null) {
            addFromHeader(header, match);
        }
        Map<Integer, String> shown = zone == null ? values : moved(values, zone);
        for (IndexedAttribute attribute : columns) {
            String value = shown.getOrDefault(attribute.tag(), "");
            if (value.isEmpty()) {
                match.setBytes(attribute.tag(), attribute.vr(), new byte[0]);
            } else {
                match.setString(attribute.tag(), attribute.vr(), attribute.kind() == Kind.NAME ? name(value) : value);
            }
        }
        if (everyAttribute || identifier.contains(Tag.INSTANCE_AVAILABILITY)) {
            match.setString(Tag.INSTANCE_AVAILABILITY, VR.CS, ONLINE);
        }
        if (zone != null) {
            match.setString(Tag.TIMEZONE_OFFSET_FROM_UTC, VR.SH, UtcOffset.text(zone.asked()));
        }
        addEmpty(match);
        return match;
    }

    private static Map<Integer, String> moved(Map<Integer, String> values, QueryZone zone) {
        Map<Integer, String> all = new HashMap<>(values);
        IndexedAttribute.TIME_OF.forEach((date, time) -> {
            IndexedAttribute of = IndexedAttribute.of(date);
            String offset = of == null ? null : values.get(of.utcOffset().tag());
            QueryZone.Written written = zone.moved(
                    values.getOrDefault(date, ""),
                    values.getOrDefault(time, ""),
                    offset == null ? null : ZoneOffset.ofTotalSeconds(Integer.parseInt(offset) * 60));
            all.put(date, written.date());
            all.put(time, written.time());
        });
        return all;
    }

    private void addFromHeader(Dataset header, Dataset match) {
        if (everyAttribute && level == QueryLevel.IMAGE) {
            for (Element element : header) {
                if (!Tag.isPrivate(element.tag()) && isFromHeader(element.tag())) {
                    HeaderValues.copy(element, header, match, element.tag(), null);
                }
            }
        }
        for (int tag : fromHeader) {
            int place = HeaderValues.tagIn(header, identifier, tag);
            Element element = place == -1 ? null : header.get(place);
            if (element != null) {
                HeaderValues.copy(element, header, match, tag, identifier.getItem(tag));
            }
        }
    }

    /** What was asked for and has no value; "all attributes" are those that have one. */
    private void addEmpty(Dataset match) {
        for (Element key : identifier) {
            int tag = key.tag();
            if (Tag.isPrivateCreator(tag)) {
                // The answer's blocks are those of the question.
                HeaderValues.copy(key, identifier, match, tag, null);
            } else if (!match.contains(tag) && !isOfTheDoor(tag)) {
                match.set(
                        key.isSequence()
                                ? Element.ofItems(tag, List.of())
                                : Element.ofBytes(tag, vr(key), new byte[0]));
            }
        }
    }

    private static boolean isOfTheDoor(int tag) {
        return tag == Tag.QUERY_RETRIEVE_LEVEL || tag == Tag.RETRIEVE_AE_TITLE || Tag.isGroupLength(tag);
    }

    private static VR vr(Element key) {
        List<VR> allowed = Dictionary.vrs(key.tag());
        return allowed.isEmpty() || allowed.contains(key.vr()) ? key.vr() : allowed.getFirst();
    }

    /** The components as they were, without the delimiters that separate nothing. */
    private static String name(String joined) {
        return PersonName.parse(joined).toString();
    }
}
