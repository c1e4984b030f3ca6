// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.dozo.dicom.data.PersonName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameSoundsTest {

    @ParameterizedTest
    @CsvSource({
        "Meier, Mayr",
        "Meyer, MAIER",
        "Schmidt, Smith",
        "Yamada, ﾔﾏﾀﾞ",
        "Yamada, やまだ",
        "Fukuda, ふくだ",
        "Chiba, ちば",
        "Tsuda, つだ",
        "Fujita, ふじた",
        "Sato, さとう",
        "Müller, Muler",
        "Clark, Klarck",
        "Philipp, Filip",
    })
    void theseSoundAlike(String one, String other) {
        assertEquals(NameSounds.ofWords(one), NameSounds.ofWords(other));
    }

    @ParameterizedTest
    @CsvSource({"Schmidt, Schmitz", "Yamada, Yamamoto", "Sato, Kato", "山田, 山本", "Meier, Weber", "Ito, Ueno"})
    void theseDoNot(String one, String other) {
        assertNotEquals(NameSounds.ofWords(one), NameSounds.ofWords(other));
    }

    @Test
    void everyWordOfEveryGroupHasItsSign() {
        Set<String> sounds = NameSounds.of(PersonName.parse("Yamada^Tarou=山田^太郎=やまだ^たろう"));
        assertEquals(Set.of("amd", "dl", "山田", "太郎"), sounds);
    }

    @Test
    void noNameIsTooStrange() {
        assertEquals(Set.of(), NameSounds.ofWords(""));
        assertEquals(Set.of(), NameSounds.ofWords("^^=^"));
        assertTrue(NameSounds.ofWords("x ".repeat(5000)).size() <= 32);
        assertEquals(1, NameSounds.ofWords("bcdfg".repeat(5000)).size());
        assertTrue(NameSounds.ofWords("\uD800 h \u0000").size() <= 2);
    }
}
