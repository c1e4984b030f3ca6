// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The repertoires that Specific Character Set (0008,0005) names, and text in them: PS3.3 C.12.1.1.2, PS3.5 §6.1 and Annexes H
 * to K. Immutable.
 *
 * <p>Reading is forgiving and never fails. What cannot be read becomes U+FFFD byte by byte, and nothing else is lost. Known
 * escape sequences are followed even if undeclared. Bytes above 7F without a designated set are read in the only declared
 * set they may belong to, if there is just one. Shift_JIS kanji under ISO_IR 13 and NEC's and IBM's kanji in JIS X 0208 are
 * read. An unknown term counts as ISO_IR 6, and UTF-8, GB18030 and GBK leave no room for other terms.
 *
 * <p>In the Roman set of ISO_IR 13, 5C is a yen sign in ST, LT, UT and UR and, whatever it looks like, the delimiter of
 * values everywhere else (PS3.5 §6.1.2.3); 7E is an overline. In JIS X 0208 the JIS convention holds (wave dash U+301C,
 * U+2016, U+2212, U+00A2, U+00A3, U+00AC); Windows' forms (U+FF5E, U+2225, U+FF0D, U+FFE0, U+FFE1, U+FFE2) are written
 * as the same codes.
 */
public final class SpecificCharacterSet {

    /** ISO-IR 6, ASCII: what holds where the element is absent. */
    public static final SpecificCharacterSet DEFAULT = new SpecificCharacterSet(List.of());

    public static final SpecificCharacterSet UTF_8 = of(List.of("ISO_IR 192"));

    /** From the least to the richest; the European ones in the order of their speakers' number among DICOM's users. */
    private static final List<SpecificCharacterSet> CANDIDATES = List.of(
            DEFAULT,
            of(List.of("ISO_IR 100")),
            of(List.of("ISO_IR 101")),
            of(List.of("ISO_IR 148")),
            of(List.of("ISO_IR 109")),
            of(List.of("ISO_IR 110")),
            of(List.of("ISO_IR 203")),
            of(List.of("ISO_IR 144")),
            of(List.of("ISO_IR 126")),
            of(List.of("ISO_IR 127")),
            of(List.of("ISO_IR 138")),
            of(List.of("ISO_IR 166")),
            of(List.of("ISO_IR 13")),
            of(List.of("", "ISO 2022 IR 87")),
            of(List.of("ISO 2022 IR 13", "ISO 2022 IR 87")),
            of(List.of("", "ISO 2022 IR 87", "ISO 2022 IR 159")));

    private final List<String> definedTerms;
    private final List<String> unknownTerms = new ArrayList<>();
    private final Set<CodeElement> sets = new LinkedHashSet<>();
    private final CodeElement initialG0;
    private final @Nullable CodeElement initialG1;
    private final @Nullable CodeElement onlyG1;
    private final @Nullable MultiByte multiByte;

    private SpecificCharacterSet(List<String> writtenTerms) {
        definedTerms = writtenTerms.stream().map(String::strip).toList();
        List<DefinedTerm> terms = new ArrayList<>();
        for (String written : definedTerms) {
            DefinedTerm term = DefinedTerm.of(written);
            if (term == null) {
                unknownTerms.add(written);
            }
            terms.add(term == null ? DefinedTerm.IR_6 : term);
        }
        DefinedTerm first = terms.isEmpty() ? DefinedTerm.IR_6 : terms.getFirst();
        initialG0 = first.g0 == null || first.g0.isTwoByte() ? CodeElement.ASCII : first.g0;
        // A two-byte set may only be designated; those who declare it alone and omit that are read by onlyG1.
        initialG1 = first.g1 == null || first.g1.isTwoByte() ? null : first.g1;
        multiByte = multiByte(terms);
        sets.add(initialG0);
        for (DefinedTerm term : terms) {
            add(term.g0);
            add(term.g1);
        }
        List<CodeElement> g1 = sets.stream().filter(CodeElement::isG1).toList();
        onlyG1 = g1.size() == 1 ? g1.getFirst() : null;
    }

    /** Also as a later value, where only code extensions may stand: ASCII is part of it, so nothing is lost. */
    private static @Nullable MultiByte multiByte(List<DefinedTerm> terms) {
        for (DefinedTerm term : terms) {
            if (term.multiByte != null) {
                return term.multiByte;
            }
            if (term.g1 != null) {
                return null;
            }
        }
        return null;
    }

    private void add(@Nullable CodeElement set) {
        if (set != null) {
            sets.add(set);
        }
    }

    /**
     * The character set of the values of (0008,0005); an empty list is the default. Never throws: case and spacing of a term
     * are forgiven, and unknown terms are kept in {@link #unknownTerms}.
     */
    public static SpecificCharacterSet of(List<String> definedTerms) {
        return new SpecificCharacterSet(definedTerms);
    }

    /**
     * The character set that the whole value of (0008,0005) names, in the standard's own spelling: one term without code extensions, or
     * several with them, of which the first may be empty; an empty value is the default. Strict, where {@link #of} forgives.
     *
     * @throws IllegalArgumentException naming the term that may not stand there, and those that may
     */
    public static SpecificCharacterSet parse(String value) {
        if (value.isEmpty()) {
            return DEFAULT;
        }
        List<String> terms = List.of(value.split("\\\\", -1));
        if (terms.size() == 1) {
            require(DefinedTerm.ALONE, value, "alone");
            return of(terms);
        }
        if (!terms.getFirst().isEmpty()) {
            require(DefinedTerm.FIRST, terms.getFirst(), "first of several (nor is empty)");
        }
        for (String term : terms.subList(1, terms.size())) {
            require(DefinedTerm.LATER, term, "after the first");
            if (terms.indexOf(term) < terms.lastIndexOf(term)) {
                throw new IllegalArgumentException("\"" + term + "\" is there twice");
            }
        }
        return of(terms);
    }

    private static void require(List<String> known, String term, String place) {
        if (!known.contains(term)) {
            throw new IllegalArgumentException("\"" + term + "\" is no defined term that may stand " + place
                    + "; known there are " + String.join(", ", known));
        }
    }

    /**
     * The least repertoire whose round trip loses nothing of these values: the default, one of the ISO 8859 family, the
     * Japanese sets, else UTF-8.
     *
     * @param texts value fields of any VR; delimiters may be among them
     */
    public static SpecificCharacterSet forText(Iterable<String> texts) {
        for (SpecificCharacterSet candidate : CANDIDATES) {
            if (candidate.keeps(texts)) {
                return candidate;
            }
        }
        return UTF_8;
    }

    private boolean keeps(Iterable<String> texts) {
        for (String text : texts) {
            for (VR vr : List.of(VR.PN, VR.ST)) {
                TextEncoder encoder = new TextEncoder(this, vr, true);
                encoder.encode(text);
                if (!encoder.isLossless()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The terms as given, without the spaces around them. */
    public List<String> definedTerms() {
        return definedTerms;
    }

    /** Those of the terms that no edition of the standard defines; worth a warning. */
    public List<String> unknownTerms() {
        return List.copyOf(unknownTerms);
    }

    /**
     * The text of a whole value field, all its values with the delimiters between them, padding included. A backslash in the
     * result is a delimiter if the VR knows several values, so the text can be split there. VRs beyond the reach of Specific
     * Character Set are read alike: their proper text is ASCII, and improper text is better legible.
     */
    public String decode(byte[] value, VR vr) {
        if (initialG0 == CodeElement.ASCII && isPlain(value)) {
            return new String(value, StandardCharsets.ISO_8859_1);
        }
        return new TextDecoder(this, value, vr).decode();
    }

    private static boolean isPlain(byte[] value) {
        for (byte b : value) {
            if (b < 0 || b == 0x1B) {
                return false;
            }
        }
        return true;
    }

    /**
     * The bytes of a whole value field, unpadded, back in the initial state before every delimiter and at the end. A character
     * outside the repertoire (see {@link #canEncode}) becomes a question mark.
     */
    public byte[] encode(String text, VR vr) {
        if (isPlain(text)) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
        return new TextEncoder(this, vr, false).encode(text);
    }

    /** Whether {@link #encode} keeps every character, if only in the other of two forms of one JIS sign. */
    public boolean canEncode(String text, VR vr) {
        if (isPlain(text)) {
            return true;
        }
        TextEncoder encoder = new TextEncoder(this, vr, false);
        encoder.encode(text);
        return encoder.isLossless();
    }

    /** Whether this is the text's ASCII, byte for byte. */
    private boolean isPlain(String text) {
        return initialG0 == CodeElement.ASCII && text.chars().allMatch(c -> c < 0x80 && c != 0x1B);
    }

    CodeElement initialG0() {
        return initialG0;
    }

    @Nullable
    CodeElement initialG1() {
        return initialG1;
    }

    /** The G1 set for bytes that none was designated for: the declared one, if only one is; else null. */
    @Nullable
    CodeElement onlyG1() {
        return onlyG1;
    }

    @Nullable
    MultiByte multiByte() {
        return multiByte;
    }

    /** The sets a writer may use, the initial ones first. */
    Set<CodeElement> sets() {
        return sets;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SpecificCharacterSet that && definedTerms.equals(that.definedTerms);
    }

    @Override
    public int hashCode() {
        return definedTerms.hashCode();
    }

    @Override
    public String toString() {
        return String.join("\\", definedTerms);
    }
}
