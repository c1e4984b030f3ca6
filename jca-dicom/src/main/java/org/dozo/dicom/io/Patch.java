// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dozo.dicom.data.Dataset;
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
        SpecificCharacterSet own = object.header().characterSet();
        SpecificCharacterSet target = canHold(own, patch) ? own : SpecificCharacterSet.UTF_8;
        List<BulkValue> kept = object.bulkValues().stream()
                .filter(value -> !patch.contains(outermost(value)))
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
