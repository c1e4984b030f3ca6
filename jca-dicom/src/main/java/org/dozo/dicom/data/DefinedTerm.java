// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The defined terms of Specific Character Set, PS3.3 C.12.1.1.2, with the sets they bring to G0 and G1. */
enum DefinedTerm {
    IR_6(CodeElement.ASCII, null, null),
    IR_13(CodeElement.ROMAN, CodeElement.KATAKANA, null),
    IR_58(null, CodeElement.GB_2312, null),
    IR_87(CodeElement.JIS_X_0208, null, null),
    IR_100(CodeElement.ASCII, CodeElement.LATIN_1, null),
    IR_101(CodeElement.ASCII, CodeElement.LATIN_2, null),
    IR_109(CodeElement.ASCII, CodeElement.LATIN_3, null),
    IR_110(CodeElement.ASCII, CodeElement.LATIN_4, null),
    IR_126(CodeElement.ASCII, CodeElement.GREEK, null),
    IR_127(CodeElement.ASCII, CodeElement.ARABIC, null),
    IR_138(CodeElement.ASCII, CodeElement.HEBREW, null),
    IR_144(CodeElement.ASCII, CodeElement.CYRILLIC, null),
    IR_148(CodeElement.ASCII, CodeElement.LATIN_5, null),
    IR_149(null, CodeElement.KS_X_1001, null),
    IR_159(CodeElement.JIS_X_0212, null, null),
    IR_166(CodeElement.ASCII, CodeElement.THAI, null),
    IR_192(null, null, MultiByte.UTF_8),
    IR_203(CodeElement.ASCII, CodeElement.LATIN_9, null),
    GB18030(null, null, MultiByte.GB18030),
    GBK(null, null, MultiByte.GBK);

    private static final Pattern REGISTERED = Pattern.compile("ISO[ _-]?(?:2022)?[ _-]?IR[ _-]?(\\d{1,3})");
    private static final Map<String, DefinedTerm> BY_NAME = new HashMap<>();

    static {
        for (DefinedTerm term : values()) {
            BY_NAME.put(term.name(), term);
        }
        BY_NAME.put("", IR_6);
        BY_NAME.put("UTF-8", IR_192);
        BY_NAME.put("UTF8", IR_192);
        BY_NAME.put("GB2312", GBK);
    }

    /** What the only value may be, in PS3.3's spelling: Tables C.12-2 and C.12-5. */
    static final List<String> ALONE = Arrays.stream(values())
            .filter(term -> term != IR_6 && !term.isTwoByte())
            .map(DefinedTerm::alone)
            .toList();

    /** What the first of several values may be, unless it is empty: Table C.12-3. */
    static final List<String> FIRST = Arrays.stream(values())
            .filter(term -> term.multiByte == null && !term.isTwoByte())
            .map(DefinedTerm::extension)
            .toList();

    /** What a value after the first may be: Tables C.12-3 and C.12-4. */
    static final List<String> LATER = Arrays.stream(values())
            .filter(term -> term.multiByte == null)
            .map(DefinedTerm::extension)
            .toList();

    final @Nullable CodeElement g0;
    final @Nullable CodeElement g1;
    final @Nullable MultiByte multiByte;

    DefinedTerm(@Nullable CodeElement g0, @Nullable CodeElement g1, @Nullable MultiByte multiByte) {
        this.g0 = g0;
        this.g1 = g1;
        this.multiByte = multiByte;
    }

    private boolean isTwoByte() {
        return (g0 != null && g0.isTwoByte()) || (g1 != null && g1.isTwoByte());
    }

    private String alone() {
        return name().replace("IR_", "ISO_IR ");
    }

    private String extension() {
        return name().replace("IR_", "ISO 2022 IR ");
    }

    /** The term as written, forgiving case and the separators that devices confuse; null if it is none. */
    static @Nullable DefinedTerm of(String written) {
        String name = written.strip().toUpperCase(Locale.ROOT);
        Matcher registered = REGISTERED.matcher(name);
        return BY_NAME.get(registered.matches() ? "IR_" + Integer.parseInt(registered.group(1)) : name);
    }
}
