// SPDX-License-Identifier: Apache-2.0
package org.dozo.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyRulesTest {

    /** What a page of somebody else can send without being asked: Fetch §2.2.2. */
    @Test
    void nothingThatAForeignPageCanSendIsTakenAnywhere() {
        for (String type : List.of(
                "text/plain",
                "TEXT/PLAIN; charset=utf-8",
                "multipart/form-data; boundary=multipart/related",
                "application/x-www-form-urlencoded",
                "text/plain; application/json",
                "")) {
            assertFalse(BodyRules.isTaken(true, type), type);
            assertFalse(BodyRules.isTaken(false, type), type);
        }
        assertFalse(BodyRules.isTaken(true, null));
    }

    @Test
    void imagesAreTakenByStowAndJsonByTheOthers() {
        assertTrue(BodyRules.isTaken(true, "multipart/related; type=\"application/dicom\"; boundary=x"));
        assertTrue(BodyRules.isTaken(true, "application/dicom"));
        assertFalse(BodyRules.isTaken(true, "application/json"));
        assertTrue(BodyRules.isTaken(false, "application/json; charset=utf-8"));
        assertFalse(BodyRules.isTaken(false, "multipart/related"));
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /dicomweb/studies, true",
        "POST, /dicomweb/studies/1.2, true",
        "PUT, /dicomweb/studies, false",
        "POST, /dicomweb/studiesX, false",
        "POST, /api/peers, false"
    })
    void onlyStoringIsWithoutABound(String method, String path, boolean stow) {
        assertEquals(stow, BodyRules.isStow(method, path));
    }
}
