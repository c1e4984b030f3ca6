// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TagTest {

    @Test
    void aTagIsPrintedAsTheStandardPrintsIt() {
        assertEquals("(0010,0020)", Tag.toString(Tag.PATIENT_ID));
        assertEquals("(FFFE,E00D)", Tag.toString(Tag.ITEM_DELIMITATION_ITEM));
    }

    @Test
    void oddGroupsArePrivate() {
        assertTrue(Tag.isPrivate(0x0009_1001));
        assertFalse(Tag.isPrivate(Tag.PIXEL_DATA));
        assertTrue(Tag.isPrivateCreator(0x0009_0010));
        assertFalse(Tag.isPrivateCreator(0x0009_0001));
        assertEquals(0x0009_0010, Tag.creatorOf(0x0009_1001));
        assertEquals(0, Tag.creatorOf(0x0009_0010));
        assertEquals(0, Tag.creatorOf(Tag.PATIENT_ID));
    }

    @Test
    void everyConstantIsNamedByItsKeyword() throws ReflectiveOperationException {
        for (Field field : Tag.class.getFields()) {
            String keyword = Dictionary.keyword(field.getInt(null));
            boolean delimiter = Tag.group(field.getInt(null)) == 0xFFFE;
            assertTrue(
                    delimiter
                            || (keyword != null
                                    && keyword.toUpperCase(Locale.ROOT)
                                            .equals(field.getName().replace("_", ""))),
                    () -> field.getName() + " is " + keyword + " by the dictionary");
        }
    }
}
