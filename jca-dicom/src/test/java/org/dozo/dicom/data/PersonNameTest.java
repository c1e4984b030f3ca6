// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dozo.dicom.data.PersonName.Group;
import org.junit.jupiter.api.Test;

final class PersonNameTest {

    @Test
    void threeGroupsOfFiveComponentsAreRead() {
        PersonName name = PersonName.parse("Adams^John Robert Quincy^^Rev.^B.A. M.Div.=山田^太郎=やまだ^たろう");
        assertEquals(new Group("Adams", "John Robert Quincy", "", "Rev.", "B.A. M.Div."), name.alphabetic());
        assertEquals(new Group("山田", "太郎", "", "", ""), name.ideographic());
        assertEquals("たろう", name.phonetic().given());
        assertFalse(name.irregular());
    }

    @Test
    void trailingDelimitersAndPaddingAreNotWritten() {
        assertEquals("Yamada^Tarou", PersonName.parse("Yamada ^Tarou^^^==  ").toString());
        assertEquals("==やまだ", PersonName.parse("==やまだ^^").toString());
        assertEquals(
                "a^^^^e=i",
                new PersonName(new Group("a", "", "", "", "e"), new Group("i", "", "", "", ""), Group.EMPTY)
                        .toString());
    }

    @Test
    void anEmptyNameIsEmpty() {
        for (String value : new String[] {"", " ", "^^^^", "==", "^=^ ^=^"}) {
            assertTrue(PersonName.parse(value).isEmpty(), value);
            assertEquals("", PersonName.parse(value).toString());
            assertEquals(PersonName.EMPTY, PersonName.parse(value));
        }
    }

    @Test
    void whatIsTooMuchStaysInTheLastComponentAndIsNoted() {
        PersonName components = PersonName.parse("a^b^c^d^e^f^g");
        assertEquals("e^f^g", components.alphabetic().suffix());
        assertTrue(components.irregular());
        assertEquals("a^b^c^d^e^f^g", components.toString());
        PersonName groups = PersonName.parse("a=b=c=d^e");
        assertEquals("c=d", groups.phonetic().family());
        assertTrue(groups.irregular());
        assertEquals("a=b=c=d^e", groups.toString());
        assertSame(PersonName.EMPTY.alphabetic(), Group.EMPTY);
    }
}
