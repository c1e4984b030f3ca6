// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.SpecificCharacterSet;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.jspecify.annotations.Nullable;

/** Values in a kept header: where a private one is, what it matches, and a copy of it in another character set. */
final class HeaderValues {

    private HeaderValues() {}

    /**
     * Where the header has what the identifier calls by this tag: a private creator's block may be another one in every object.
     *
     * @return -1 if the creator is not named, or has nothing in this header
     */
    static int tagIn(Dataset header, Dataset identifier, int tag) {
        if (!Tag.isPrivate(tag) || Tag.isPrivateCreator(tag)) {
            return tag;
        }
        String creator = identifier.privateCreator(tag);
        return creator == null ? -1 : header.privateTag(creator, tag);
    }

    static boolean matches(Dataset identifier, Dataset header, int tag, Criterion criterion) {
        int place = tagIn(header, identifier, tag);
        Element element = place == -1 ? null : header.get(place);
        if (element != null && element.vr() == VR.UN && Tag.isPrivate(place)) {
            // Sent in implicit VR: nobody knows what it is, so it is asked as the text that it most often is.
            Dataset readable = new Dataset().set(Element.ofBytes(place, VR.LO, element.bytes()));
            return criterion.matches(readable, place);
        }
        return criterion.matches(header, place);
    }

    /**
     * Puts a copy of an element into another data set, written in that one's character set.
     *
     * @param tag under which it goes there
     * @param wanted of the items of a sequence, what they hold; null for everything
     */
    static void copy(Element element, Dataset source, Dataset target, int tag, @Nullable Dataset wanted) {
        if (element.isSequence()) {
            target.set(Element.ofItems(tag, java.util.List.of()));
            for (Dataset item : element.items()) {
                copyItem(item, target.addItem(tag), wanted);
            }
        } else if (element.vr().usesSpecificCharacterSet()) {
            SpecificCharacterSet to = target.characterSet();
            String text = source.characterSet().decode(element.bytes(), element.vr());
            target.set(Element.ofBytes(tag, element.vr(), to.encode(text, element.vr())));
        } else if (!element.isEncapsulated()) {
            target.set(Element.ofBytes(tag, element.vr(), element.bytes()));
        }
    }

    private static void copyItem(Dataset item, Dataset target, @Nullable Dataset wanted) {
        if (wanted == null || wanted.isEmpty()) {
            for (Element element : item) {
                // The whole data set is in one character set.
                if (element.tag() != Tag.SPECIFIC_CHARACTER_SET) {
                    copy(element, item, target, element.tag(), null);
                }
            }
            return;
        }
        for (Element key : wanted) {
            Element element = item.get(key.tag());
            if (element != null && key.tag() != Tag.SPECIFIC_CHARACTER_SET) {
                copy(element, item, target, key.tag(), wanted.getItem(key.tag()));
            }
        }
    }
}
