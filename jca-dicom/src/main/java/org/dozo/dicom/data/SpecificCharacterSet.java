// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The repertoires that Specific Character Set (0008,0005) names, PS3.3 C.12.1.1.2 and PS3.5 §6.1. Signatures first. */
public final class SpecificCharacterSet {

    public static final SpecificCharacterSet DEFAULT = new SpecificCharacterSet(List.of());
    public static final SpecificCharacterSet UTF_8 = new SpecificCharacterSet(List.of("ISO_IR 192"));

    private final List<String> definedTerms;

    private SpecificCharacterSet(List<String> definedTerms) {
        this.definedTerms = List.copyOf(definedTerms);
    }

    /** Never throws; unknown terms are in {@link #unknownTerms}. */
    public static SpecificCharacterSet of(List<String> definedTerms) {
        return new SpecificCharacterSet(definedTerms);
    }

    /** The least repertoire that loses nothing of these texts. */
    public static SpecificCharacterSet forText(Iterable<String> texts) {
        return UTF_8;
    }

    public List<String> definedTerms() {
        return definedTerms;
    }

    public List<String> unknownTerms() {
        return List.of();
    }

    /** The text of a whole value field (all its values, backslashes included). Never throws. */
    public String decode(byte[] value, VR vr) {
        return new String(value, StandardCharsets.UTF_8);
    }

    public byte[] encode(String text, VR vr) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public boolean canEncode(String text, VR vr) {
        return true;
    }
}
