// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.ScannedObject;
import org.dozo.index.Urgency;

/**
 * What a kept header says of its instance.
 *
 * <p>STAT is what is said to be by the caller, or has a Requested Procedure Priority (0040,1003) of STAT, in the object or in its
 * request attributes. Rejected is what the caller says to be, or a rejection note itself: a key object selection that is titled
 * 113001, 113037, 113038 or 113039 (PS3.16 CID 7011).
 *
 * <p><em>Pitfalls:</em> not thread-safe, as data sets are not. Values longer than what the index keeps ({@code ParseLimits}) are not
 * there.
 */
public final class HeaderFacts implements Facts {

    private static final Set<String> REJECTIONS = Set.of("113001", "113037", "113038", "113039");
    private static final String KEY_OBJECT_SELECTION = "1.2.840.10008.5.1.4.1.1.88.59";

    private final ScannedObject object;
    private final String sourceAeTitle;
    private final String sourceAddress;
    private final boolean stat;
    private final boolean rejected;
    private final LocalDate today;

    /**
     * @param stat whether it is known to be of an emergency, whatever the header says
     * @param rejected whether it is known to be rejected, whatever the header says
     */
    public HeaderFacts(
            ScannedObject object,
            String sourceAeTitle,
            String sourceAddress,
            boolean stat,
            boolean rejected,
            LocalDate today) {
        this.object = object;
        this.sourceAeTitle = sourceAeTitle;
        this.sourceAddress = sourceAddress;
        this.stat = stat;
        this.rejected = rejected;
        this.today = today;
    }

    /** Of an object that nothing is known of but who sent it, and from where. */
    public static HeaderFacts of(ScannedObject object, String sourceAeTitle, String sourceAddress) {
        return new HeaderFacts(
                object, sourceAeTitle, sourceAddress, false, false, LocalDate.now(java.time.ZoneId.systemDefault()));
    }

    @Override
    public List<String> values(int... tagPath) {
        return values(AttributePath.of(tagPath));
    }

    @Override
    public List<String> values(AttributePath path) {
        if (path.last().tag() == Tag.TRANSFER_SYNTAX_UID && path.steps().size() == 1) {
            return List.of(object.syntax().uid());
        }
        List<String> values = new ArrayList<>();
        collect(object.header(), path.steps(), values);
        return values;
    }

    private static void collect(Dataset dataset, List<AttributePath.Step> steps, List<String> values) {
        int tag = tagIn(dataset, steps.getFirst());
        Element element = tag == -1 ? null : dataset.get(tag);
        if (element == null) {
            return;
        }
        if (steps.size() > 1) {
            for (Dataset item : element.items()) {
                collect(item, steps.subList(1, steps.size()), values);
            }
            return;
        }
        for (String value : strings(dataset, element)) {
            if (!value.isBlank()) {
                values.add(value);
            }
        }
    }

    private static List<String> strings(Dataset dataset, Element element) {
        if (element.vr() != VR.UN || !Tag.isPrivate(element.tag())) {
            return dataset.getStrings(element.tag());
        }
        // Sent in implicit VR: nobody knows what it is, so it is read as the text that it most often is.
        return new Dataset()
                .set(Element.ofBytes(element.tag(), VR.LO, element.bytes()))
                .getStrings(element.tag());
    }

    private static int tagIn(Dataset dataset, AttributePath.Step step) {
        return step.creator().isEmpty() ? step.tag() : dataset.privateTag(step.creator(), step.tag());
    }

    @Override
    public boolean exists(AttributePath path) {
        return path.last().tag() == Tag.TRANSFER_SYNTAX_UID || exists(object.header(), path.steps());
    }

    private static boolean exists(Dataset dataset, List<AttributePath.Step> steps) {
        int tag = tagIn(dataset, steps.getFirst());
        Element element = tag == -1 ? null : dataset.get(tag);
        if (element == null) {
            return false;
        }
        if (steps.size() > 1) {
            return element.items().stream().anyMatch(item -> exists(item, steps.subList(1, steps.size())));
        }
        boolean readable = element.vr().isText() || element.vr().isBinaryNumber();
        return readable ? strings(dataset, element).stream().anyMatch(value -> !value.isBlank()) : !element.isEmpty();
    }

    @Override
    public String sourceAeTitle() {
        return sourceAeTitle;
    }

    @Override
    public String sourceAddress() {
        return sourceAddress;
    }

    @Override
    public boolean isStat() {
        return stat || Urgency.isStat(object.header());
    }

    @Override
    public Optional<LocalDate> studyDate() {
        Literal date = Moments.date(object.header().getString(Tag.STUDY_DATE, ""));
        return date == null || date.from() != date.to()
                ? Optional.empty()
                : Optional.of(LocalDate.ofEpochDay((long) date.from()));
    }

    @Override
    public boolean rejected() {
        return rejected || isRejectionNote(object.header());
    }

    private static boolean isRejectionNote(Dataset header) {
        return KEY_OBJECT_SELECTION.equals(header.getString(Tag.SOP_CLASS_UID))
                && header.getItems(Tag.CONCEPT_NAME_CODE_SEQUENCE).stream()
                        .anyMatch(title -> "DCM".equals(title.getString(Tag.CODING_SCHEME_DESIGNATOR))
                                && REJECTIONS.contains(title.getString(Tag.CODE_VALUE, "")));
    }

    @Override
    public LocalDate today() {
        return today;
    }
}
