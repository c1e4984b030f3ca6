// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.util.function.Predicate;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.SpecificCharacterSet;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;

/**
 * Writes a match in the character set that its reader knows best, and loses nothing: the one of the reader's record if it has every
 * character, else none for ASCII, else that of the request if it has every character, else UTF-8.
 */
final class ResponseCharacterSet {

    private final SpecificCharacterSet configured;
    private final SpecificCharacterSet asked;

    /**
     * @param configured of the peer's record; the default if it has none
     * @param asked of the request's identifier
     */
    ResponseCharacterSet(SpecificCharacterSet configured, SpecificCharacterSet asked) {
        this.configured = configured;
        this.asked = asked;
    }

    /** @param match in UTF-8; may be changed */
    Dataset write(Dataset match) {
        if (fits(match, configured)) {
            return written(match, configured);
        }
        if (eachText(match, ResponseCharacterSet::isAscii)) {
            // ASCII is the same in UTF-8.
            match.remove(Tag.SPECIFIC_CHARACTER_SET);
            return match;
        }
        return fits(match, asked) ? written(match, asked) : match;
    }

    private static Dataset written(Dataset match, SpecificCharacterSet set) {
        if (set.equals(match.characterSet())) {
            return match;
        }
        Dataset written = new Dataset().setStrings(Tag.SPECIFIC_CHARACTER_SET, VR.CS, set.definedTerms());
        for (Element element : match) {
            if (element.tag() != Tag.SPECIFIC_CHARACTER_SET) {
                HeaderValues.copy(element, match, written, element.tag(), null);
            }
        }
        return written;
    }

    /** Whether the set is one, and has every character. ASCII is not in all: ISO_IR 13 has no tilde. */
    private static boolean fits(Dataset match, SpecificCharacterSet set) {
        if (set.definedTerms().isEmpty()) {
            return false;
        }
        SpecificCharacterSet from = match.characterSet();
        return set.equals(from)
                || eachText(match, element -> set.canEncode(from.decode(element.bytes(), element.vr()), element.vr()));
    }

    private static boolean eachText(Dataset match, Predicate<Element> holds) {
        for (Element element : match) {
            if (element.isSequence()) {
                if (!element.items().stream().allMatch(item -> eachText(item, holds))) {
                    return false;
                }
            } else if (element.vr().usesSpecificCharacterSet() && !holds.test(element)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(Element element) {
        for (byte b : element.bytes()) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}
