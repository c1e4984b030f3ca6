// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.SpecificCharacterSet;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.jspecify.annotations.Nullable;

/**
 * Attributes that replace those of an object, whatever character set either is in. The object keeps its own if that can hold the new
 * text; otherwise all its text becomes UTF-8.
 */
public final class Patch {

    private Patch() {}

    /**
     * The object as the patch makes it; the object itself is left alone. Its bulk values stay where they are, but for those replaced.
     *
     * @param patch its Specific Character Set says how its own text is to be read, and is not applied
     * @throws DicomFormatException if all text must become UTF-8, and a long one of it was left in the object's data set
     */
    public static ScannedObject apply(ScannedObject object, Dataset patch) throws DicomFormatException {
        return apply(object, patch, List.of());
    }

    /**
     * As {@link #apply(ScannedObject, Dataset)}, and then text that is replaced wherever it is.
     *
     * @param replacements in their order; an item that has a character set of its own keeps it only if all their text is ASCII
     */
    public static ScannedObject apply(ScannedObject object, Dataset patch, List<Replacement> replacements)
            throws DicomFormatException {
        SpecificCharacterSet own = object.header().characterSet();
        boolean holding = canHold(own, patch) && canHold(object.header(), replacements);
        SpecificCharacterSet target = holding ? own : SpecificCharacterSet.UTF_8;
        List<BulkValue> kept = object.bulkValues().stream()
                .filter(value -> !patch.contains(outermost(value)))
                .filter(value -> replacements.stream().noneMatch(each -> each.isOf(value.path())))
                .toList();
        Dataset header = object.header();
        if (!target.equals(own)) {
            for (BulkValue value : kept) {
                if (value.vr().usesSpecificCharacterSet()) {
                    throw new DicomFormatException(value.path() + " has " + value.length()
                            + " bytes of text in another character set than the correction needs");
                }
            }
        }
        Dataset patched = copy(header, target.equals(own) ? null : target);
        if (!target.equals(own)) {
            patched.setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, target.toString());
        }
        for (Element element : patch) {
            if (element.tag() != Tag.SPECIFIC_CHARACTER_SET) {
                patched.set(recoded(element, patch, target));
            }
        }
        replacements.forEach(each -> replace(patched, each, 0));
        return new ScannedObject(object.syntax(), patched, kept, object.findings(), object.length());
    }

    private static int outermost(BulkValue value) {
        List<ElementPath.Step> items = value.path().items();
        return items.isEmpty() ? value.path().tag() : items.getFirst().sequence();
    }

    private static boolean canHold(SpecificCharacterSet set, Dataset patch) {
        for (Element element : patch) {
            VR vr = element.vr();
            if (vr.usesSpecificCharacterSet()
                    && !set.canEncode(patch.characterSet().decode(element.bytes(), vr), vr)) {
                return false;
            }
            if (!element.items().stream().allMatch(item -> canHold(set, item))) {
                return false;
            }
        }
        return true;
    }

    private static boolean canHold(Dataset header, List<Replacement> replacements) {
        boolean plain = replacements.stream()
                .flatMap(each -> each.values().stream())
                .allMatch(text -> text.chars().allMatch(c -> c < 0x80));
        boolean holding = replacements.stream().allMatch(each -> canHold(header.characterSet(), each));
        return plain || (holding && !hasItemsOfOtherSets(header));
    }

    private static boolean canHold(SpecificCharacterSet set, Replacement replacement) {
        VR vr = Dictionary.vr(replacement.tag());
        return replacement.values().stream().allMatch(text -> set.canEncode(text, vr));
    }

    private static boolean hasItemsOfOtherSets(Dataset dataset) {
        for (Element element : dataset) {
            for (Dataset item : element.items()) {
                if (item.contains(Tag.SPECIFIC_CHARACTER_SET) || hasItemsOfOtherSets(item)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void replace(Dataset within, Replacement replacement, int depth) {
        int tag = replacement.path().get(depth);
        if (depth < replacement.path().size() - 1) {
            within.getItems(tag).forEach(item -> replace(item, replacement, depth + 1));
            return;
        }
        Element known = within.get(tag);
        VR vr = known != null && known.vr().isText() ? known.vr() : Dictionary.vr(tag);
        within.setStrings(tag, vr, replacement.values());
    }

    /** @param target null to leave every text as it is */
    private static Dataset copy(Dataset from, @Nullable SpecificCharacterSet target) {
        Dataset to = new Dataset();
        for (Element element : from) {
            // An item in UTF-8 within an object in UTF-8 needs no character set of its own.
            if (target == null || element.tag() != Tag.SPECIFIC_CHARACTER_SET) {
                to.set(recoded(element, from, target));
            }
        }
        return to;
    }

    private static Element recoded(Element element, Dataset holder, @Nullable SpecificCharacterSet target) {
        if (element.isSequence()) {
            List<Dataset> items = new ArrayList<>();
            element.items().forEach(item -> items.add(copy(item, target)));
            return Element.ofItems(element.tag(), items);
        }
        VR vr = element.vr();
        if (target == null || element.isEncapsulated() || !vr.usesSpecificCharacterSet()) {
            return element;
        }
        byte[] bytes = target.encode(holder.characterSet().decode(element.bytes(), vr), vr);
        if (bytes.length % 2 != 0) {
            bytes = Arrays.copyOf(bytes, bytes.length + 1);
            bytes[bytes.length - 1] = vr.padding();
        }
        return Element.ofBytes(element.tag(), vr, bytes);
    }
}
