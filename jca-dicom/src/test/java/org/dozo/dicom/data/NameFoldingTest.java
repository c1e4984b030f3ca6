// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NameFoldingTest {

    @ParameterizedTest
    @CsvSource({
        "ﾔﾏﾀﾞ, やまだ",
        "ヤマダ, やまだ",
        "ＹＡＭＡＤＡ, yamada",
        "カ゛, が",
        "カﾞ, が",
        "ハ゜, ぱ",
        "キョウコ, ｷﾖｳｺ",
        "オーノ, オノ",
        "オ-ノ, オーノ",
        "ｼﾞｮﾝ･ｽﾐｽ, ジョン　スミス",
        "Jérôme, JEROME",
        "Wałęsa, walesa",
        "Großmann, GROSSMANN",
        "Ørsted, orsted",
        "Διονύσιος, ΔΙΟΝΥΣΙΟΣ",
        "Йолкин, йолкин",
        "O'Brien, O’Brien",
        "Müller-Lüdenscheid, MULLER LUDENSCHEID",
        "'  山田   太郎 ', 山田　太郎",
        "ジャン＝ポール, ジャン ポール",
        "İpek, ipek",
        "Çavuşoğlu, cavusoglu",
        "홍, 홍",
    })
    void spellingsOfOneNameFoldAlike(String one, String other) {
        assertEquals(NameFolding.fold(other), NameFolding.fold(one));
    }

    @ParameterizedTest
    @CsvSource({"カ, ガ", "ハ, パ", "は, ば", "髙橋, 高橋", "おう, おお", "홍, 호", "Müller, Mueller"})
    void differentNamesStayDifferent(String one, String other) {
        assertNotEquals(NameFolding.fold(other), NameFolding.fold(one));
    }

    @Test
    void delimitersAndWildcardsStay() {
        assertEquals("yamada^tar*=山田^?\\", NameFolding.fold("Yamada^Tar*=山田^?\\"));
    }

    @Test
    void noOtherCharacterBecomesADelimiter() {
        for (int c = 0; c < 0x10000; c++) {
            String folded = NameFolding.fold("a" + (char) c + "b");
            boolean delimiter = folded.contains("^") || folded.contains("=") || folded.contains("\\");
            assertEquals("^=\\".indexOf(c) >= 0, delimiter, "U+" + Integer.toHexString(c));
        }
    }

    @Test
    void foldingTwiceChangesNothing() {
        long seed = Long.getLong("dozo.seed", System.nanoTime());
        Random random = new Random(seed);
        String alphabet = "aÉßøŁΣςЙёİıｱﾞﾟー-〜・カ゛ガぁャヴヷ゜ｶ  　'’.,^=*홍山髙①㈱ﬁ";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(12); j > 0; j--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String once = NameFolding.fold(text.toString());
            assertEquals(once, NameFolding.fold(once), () -> "'" + text + "' with -Ddozo.seed=" + seed);
        }
    }
}
