// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Makes names comparable: two spellings of one name become one string. Only for search keys, never to be shown. In order:
 *
 * <ol>
 *   <li>NFKC: full-width letters become narrow, half-width kana wide (ﾔﾏﾀﾞ is ヤマダ), ligatures and ﾃﾞ one character.
 *   <li>Case is folded (ß is ss, final ς is σ; Turkish dotless ı is i).
 *   <li>Accents go (é is e), also from Greek, Cyrillic й and ё, Hebrew points and Arabic vowel signs; ø đ ł æ œ þ ð are o d l
 *       ae oe th d. Kana keep their voicing marks (ガ is not カ), Hangul its syllables.
 *   <li>Katakana become hiragana (ヤマダ is やまだ); the small kana become large, as
 *       half-width systems wrote them (ｷﾖｳ), ゐ ゑ を ヴ stay.
 *   <li>A long-vowel mark after a kana goes (オーノ is おの), and a hyphen, dash, minus or tilde there too, since scanners
 *       and keyboards confuse them; elsewhere each becomes a space.
 *   <li>Middle dots, full-width equals signs, double hyphens, commas and full stops become spaces; apostrophes go (O'Brien is obrien).
 *   <li>Every run of spaces, also ideographic ones, and of control characters becomes one space; none is left at the ends.
 * </ol>
 *
 * Not unified, since they are different names or need a dictionary: old and new kanji (髙 and 高), おう and おお, umlauts and
 * their transcriptions (Müller, Mueller). The delimiters ^ = \ and the wildcards * ? stay as they are; folding twice changes
 * nothing.
 */
public final class NameFolding {

    private static final Pattern DELIMITER_LOOKALIKE = Pattern.compile("[⁼₌﹦＝⩴⩵⩶≠＾﹨＼゠]");
    private static final String SMALL = "ぁぃぅぇぉっゃゅょゎゕゖ";
    private static final String LARGE = "あいうえおつやゆよわかけ";

    private NameFolding() {}

    /** The comparable form of a name or of any part of one. */
    public static String fold(String text) {
        String wide = Normalizer.normalize(withoutLookalikes(text), Form.NFKC);
        // Upper case first: it alone unites ß with SS and the two forms of sigma.
        String caseless = wide.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).replace('ς', 'σ');
        // Once more, since a mark may have come to stand behind a letter that something stood between.
        return Normalizer.normalize(squeeze(letters(withoutAccents(caseless))), Form.NFC);
    }

    /** What NFKC would make a delimiter of a name, or part from its kana. */
    private static String withoutLookalikes(String text) {
        return DELIMITER_LOOKALIKE
                .matcher(text)
                .replaceAll(" ")
                .replace('゛', '\u3099')
                .replace('゜', '\u309A');
    }

    private static String withoutAccents(String text) {
        StringBuilder out = new StringBuilder(text.length());
        String decomposed = Normalizer.normalize(text, Form.NFD);
        for (int i = 0; i < decomposed.length(); ) {
            int c = decomposed.codePointAt(i);
            i += Character.charCount(c);
            boolean voicing = c == 0x3099 || c == 0x309A;
            if (voicing || Character.getType(c) != Character.NON_SPACING_MARK) {
                out.appendCodePoint(c);
            }
        }
        return Normalizer.normalize(out, Form.NFC);
    }

    private static String letters(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = hiragana(text.charAt(i));
            boolean afterKana = !out.isEmpty() && isHiragana(out.charAt(out.length() - 1));
            switch (c) {
                case 'ø' -> out.append('o');
                case 'đ', 'ð' -> out.append('d');
                case 'ł' -> out.append('l');
                case 'æ' -> out.append("ae");
                case 'œ' -> out.append("oe");
                case 'þ' -> out.append("th");
                case 'ı' -> out.append('i');
                case 'ー', '〜', '~', '-', '‐', '‑', '‒', '–', '—', '―', '−' -> appendUnless(afterKana, out);
                case '・', '·', '•', ',', '、', '.' -> out.append(' ');
                case '\'', '’', '‘', 'ʼ', '`', '´' -> {}
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    private static void appendUnless(boolean longVowel, StringBuilder out) {
        if (!longVowel) {
            out.append(' ');
        }
    }

    private static char hiragana(char c) {
        boolean katakana = (c >= 'ァ' && c <= 'ヶ') || c == 'ヽ' || c == 'ヾ';
        char hiragana = katakana ? (char) (c - 'ァ' + 'ぁ') : c;
        int small = SMALL.indexOf(hiragana);
        return small < 0 ? hiragana : LARGE.charAt(small);
    }

    private static boolean isHiragana(char c) {
        return c >= 'ぁ' && c <= 'ゟ';
    }

    private static String squeeze(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean space = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c)) {
                space = true;
            } else {
                if (space && !out.isEmpty()) {
                    out.append(' ');
                }
                space = false;
                out.append(c);
            }
        }
        return out.toString();
    }
}
