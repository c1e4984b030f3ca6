// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.dozo.dicom.data.NameFolding;
import org.dozo.dicom.data.PersonName;

/**
 * What the words of a name sound like, for fuzzy queries. A word is folded, its kana are written in Latin letters, and then:
 *
 * <ol>
 *   <li>ph is f; sch, sh, ch, ts, tz, cz, dz, x and z are s; ck, q and c are k;
 *   <li>vowels, y and h go, but for a vowel or y at the beginning, where all are alike;
 *   <li>consonants that are easily confused are one: b p, d t, f v w, g k, l r, m n, s j;
 *   <li>what is doubled counts once, and what follows the eighth sign not at all. Other letters than these do not count.
 * </ol>
 *
 * So Meier and Mayr, Schmidt and Smith (but not Schmitz), Yamada and ヤマダ, Satou and Sato sound alike. Words without a letter of
 * Latin or kana, as kanji, stand for themselves. Pitfall: the signs are kept in {@code patient.name_sounds}; changing a rule needs a
 * migration.
 */
public final class NameSounds {

    private static final int LONGEST = 8;
    private static final int MOST_WORDS = 32;

    private static final Map<Character, String> KANA = kana();

    private NameSounds() {}

    /** A sign for each word of all three groups. */
    static Set<String> of(PersonName name) {
        Set<String> sounds = new LinkedHashSet<>();
        Stream.of(name.alphabetic(), name.ideographic(), name.phonetic())
                .forEach(group -> sounds.addAll(ofWords(group.toString())));
        return sounds;
    }

    /** A sign for each word of a text, at most 32. */
    public static Set<String> ofWords(String text) {
        Set<String> sounds = new LinkedHashSet<>();
        for (String word :
                NameFolding.fold(text.replace('^', ' ').replace('=', ' ')).split(" ")) {
            String sound = ofWord(word);
            if (!sound.isEmpty() && sounds.size() < MOST_WORDS) {
                sounds.add(sound);
            }
        }
        return sounds;
    }

    private static String ofWord(String word) {
        String latin = latin(word);
        if (latin.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            return IndexText.of(word);
        }
        String simple = latin.replaceAll("sch|sh|ch|ts|tz|cz|dz|[xzç]", "s")
                .replace("ph", "f")
                .replaceAll("ck|[cq]", "k");
        StringBuilder sound = new StringBuilder();
        char last = 0;
        for (int i = 0; i < simple.length() && sound.length() < LONGEST; i++) {
            char sign = sign(simple.charAt(i));
            boolean silent = sign == 0 || (sign == 'a' && i > 0);
            if (!silent && sign != last) {
                sound.append(sign);
            }
            last = silent ? 0 : sign;
        }
        return sound.toString();
    }

    private static char sign(char c) {
        return switch (c) {
            case 'a', 'e', 'i', 'o', 'u', 'y' -> 'a';
            case 'b', 'p' -> 'b';
            case 'd', 't' -> 'd';
            case 'f', 'v', 'w' -> 'f';
            case 'g', 'k' -> 'g';
            case 'l', 'r' -> 'l';
            case 'm', 'n' -> 'm';
            case 's', 'j' -> 's';
            default -> c >= '0' && c <= '9' ? c : 0;
        };
    }

    /** Kana in Latin letters, by sound rather than by any one system; everything else as it is. */
    private static String latin(String folded) {
        StringBuilder latin = new StringBuilder(folded.length());
        folded.chars().forEach(c -> latin.append(KANA.getOrDefault((char) c, String.valueOf((char) c))));
        return latin.toString();
    }

    private static Map<Character, String> kana() {
        String kana = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわゐゑをん" + "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽゔ";
        String latin =
                "a i u e o ka ki ku ke ko sa si su se so ta chi tsu te to na ni nu ne no ha hi fu he ho ma mi mu me mo "
                        + "ya yu yo ra ri ru re ro wa i e o n ga gi gu ge go za zi zu ze zo da zi zu de do ba bi bu be bo pa pi pu pe po vu";
        String[] syllables = latin.split(" ");
        Map<Character, String> table = new HashMap<>();
        for (int i = 0; i < kana.length(); i++) {
            table.put(kana.charAt(i), syllables[i]);
        }
        return Map.copyOf(table);
    }
}
