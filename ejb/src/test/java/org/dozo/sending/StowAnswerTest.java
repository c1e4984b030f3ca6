// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.io.DicomFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StowAnswerTest {

    private static StowAnswer answer(String json) throws IOException {
        return StowAnswer.of(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String item(String uid, String reasonTag, int reason) {
        return "{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"" + uid + "\"]},\"" + reasonTag
                + "\":{\"vr\":\"US\",\"Value\":[" + reason + "]}}";
    }

    @Test
    void eachInstanceHasWhatIsSaidOfIt() throws IOException {
        String json = " \n{\"00081199\":{\"vr\":\"SQ\",\"Value\":[{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"1.1\"]}},"
                + item("1.2", "00081196", 0xB007) + "," + item("1.3", "00081196", 0x1234)
                + "]},\"00081198\":{\"vr\":\"SQ\",\"Value\":["
                + item("1.4", "00081197", 0xA900) + "," + item("1.5", "00081197", 0) + ","
                + item("1.6", "00081197", 0xB000)
                + "]},\"0008119A\":{\"vr\":\"SQ\",\"Value\":[{\"00081197\":{\"vr\":\"US\",\"Value\":[272]}}]}}";
        StowAnswer answer = answer(json);
        assertEquals(
                Map.of(
                        "1.1", DimseStatus.SUCCESS,
                        "1.2", new DimseStatus(0xB007, ""),
                        "1.3", new DimseStatus(0xB000, ""),
                        "1.4", new DimseStatus(0xA900, ""),
                        "1.5", new DimseStatus(0x0110, ""),
                        "1.6", new DimseStatus(0x0110, "")),
                answer.statuses());
        assertEquals(List.of(new DimseStatus(0x0110, "")), answer.others());
        assertEquals(answer, answer("[" + json + "]"));
    }

    @Test
    void nothingIsSaidByAnEmptyAnswer() throws IOException {
        assertEquals(Map.of(), answer("{}").statuses());
        assertEquals(Map.of(), answer("[]").statuses());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "<html>It works!</html>",
                "\"ok\"",
                "true",
                "{",
                "[",
                "[{}",
                "[1]",
                "{\"status\":\"ok\"}"
            })
    void whatIsNoDicomJsonIsNone(String body) {
        assertThrows(DicomFormatException.class, () -> answer(body));
    }
}
