// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.SpecificCharacterSet;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;

/**
 * Writes a match in the character set that its reader knows best, and loses nothing: none for ASCII, else that of the request if it has
 * every character, else UTF-8.
 */
final class ResponseCharacterSet {

    private final SpecificCharacterSet asked;

    /** @param asked of the request's identifier */
    ResponseCharacterSet(SpecificCharacterSet asked) {
        this.asked = asked;
    }

    /** @param match in UTF-8; may be changed */
    Dataset write(Dataset match) {
        if (fits(match, SpecificCharacterSet.DEFAULT)) {
            // ASCII is the same in UTF-8.
            match.remove(Tag.SPECIFIC_CHARACTER_SET);
            return match;
        }
        if (asked.definedTerms().isEmpty() || asked.equals(match.characterSet()) || !fits(match, asked)) {
            return match;
        }
        Dataset written = new Dataset().setStrings(Tag.SPECIFIC_CHARACTER_SET, VR.CS, asked.definedTerms());
        for (Element element : match) {
            if (element.tag() != Tag.SPECIFIC_CHARACTER_SET) {
                HeaderValues.copy(element, match, written, element.tag(), null);
            }
        }
        return written;
    }

    private static boolean fits(Dataset match, SpecificCharacterSet set) {
        for (Element element : match) {
            if (!fits(element, match, set)) {
                return false;
            }
        }
        return true;
    }

    private static boolean fits(Element element, Dataset match, SpecificCharacterSet set) {
        if (element.isSequence()) {
            return element.items().stream().allMatch(item -> fits(item, set));
        }
        if (!element.vr().usesSpecificCharacterSet() || isAscii(element.bytes())) {
            return true;
        }
        return !set.definedTerms().isEmpty()
                && set.canEncode(match.characterSet().decode(element.bytes(), element.vr()), element.vr());
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}
