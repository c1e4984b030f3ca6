// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code /api/rules} and {@code ./dozo rule} over real sockets. */
@ExtendWith(SharedNode.class)
class RulesApiIT {

    private static final String RULE = """
            {"name":"ER 1","when":"series","condition":"modality in (CT,MR) AND stationName ~ '^ER' and not rejected",
             "destinations":["RULEWS"],"priority":9,"enabled":false}""";

    @TempDir
    Path temp;

    private final HttpClient client = HttpClient.newHttpClient();
    private final String root = "2.25." + System.nanoTime();

    private HttpResponse<String> send(DozoNode node, String method, String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + path))
                        .header("Content-Type", "application/json")
                        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private Map<?, ?> answer(DozoNode node, String method, String path, String body, int status) throws Exception {
        HttpResponse<String> response = send(node, method, path, body);
        assertEquals(status, response.statusCode(), response.body());
        return (Map<?, ?>) Web.json(response.body());
    }

    private String refusal(DozoNode node, String method, String path, String body, int status) throws Exception {
        return String.valueOf(answer(node, method, path, body, status).get("message"));
    }

    @Test
    void aRuleIsAddedChangedExportedAndRemoved(DozoNode node) throws Exception {
        assertTrue(
                refusal(node, "POST", "/api/rules", RULE, 400).contains("RULEWS"), "an unknown destination is named");
        node.dozo("peer", "add", "RULEWS", "127.0.0.1", "11119").orFail();
        Map<?, ?> added = answer(node, "POST", "/api/rules", RULE, 201);
        assertEquals("modality in (CT, MR) and stationName ~ \"^ER\" and not rejected", added.get("condition"));
        assertEquals(List.of("RULEWS"), added.get("destinations"));
        assertEquals(9, added.get("priority"));
        assertEquals(false, added.get("enabled"));
        assertEquals("series", added.get("when"));
        assertEquals(added, answer(node, "GET", "/api/rules/ER%201", "", 200));
        assertTrue(refusal(node, "POST", "/api/rules", RULE, 409).contains("ER 1"));
        assertEquals(409, send(node, "DELETE", "/api/peers/RULEWS", "").statusCode(), "a rule sends there");
        String changed = RULE.replace("\"priority\":9", "\"priority\":\"bulk\",\"quiet\":\"2 min\"");
        assertEquals(1, answer(node, "PUT", "/api/rules/ER%201", changed, 200).get("priority"));
        assertTrue(refusal(node, "PUT", "/api/rules/other", changed, 400).contains("address"));
        assertTrue(node.dozo("rule", "list").orFail().output().contains("ER 1"));
        Path file = temp.resolve("config.yaml");
        node.dozo("config", "export", file.toString()).orFail();
        assertTrue(Files.readString(file).contains("quiet: 120 s"), Files.readString(file));
        node.dozo("rule", "remove", "ER 1").orFail();
        assertEquals(404, send(node, "GET", "/api/rules/ER%201", "").statusCode());
        assertTrue(node.dozo("config", "import", file.toString(), "--yes")
                .orFail()
                .output()
                .contains("+ rule ER 1"));
        assertEquals("120 s", answer(node, "GET", "/api/rules/ER%201", "", 200).get("quiet"));
        assertEquals(204, send(node, "DELETE", "/api/rules/ER%201", "").statusCode());
        assertEquals(404, send(node, "DELETE", "/api/rules/ER%201", "").statusCode());
        node.dozo("peer", "remove", "RULEWS").orFail();
    }

    @Test
    void aPeersTextThatIsNoneIsRefusedByItsName(DozoNode node) throws Exception {
        String peer = "{\"aeTitle\":\"TEXTWS\",\"host\":\"127.0.0.1\",\"port\":11119,";
        for (String field : List.of("note", "proof", "characterSet")) {
            String refusal = refusal(node, "POST", "/api/peers", peer + "\"" + field + "\":5}", 400);
            assertTrue(refusal.contains("\"" + field + "\""), refusal);
        }
        String refusal = refusal(node, "POST", "/api/peers", peer + "\"characterSet\":\"ISO_IR 999\"}", 400);
        assertTrue(refusal.contains("\"ISO_IR 999\"") && refusal.contains("ISO_IR 192"), refusal);
        assertEquals(404, send(node, "GET", "/api/peers/TEXTWS", "").statusCode());
    }

    @Test
    void aConditionIsTestedBeforeItIsSaved(DozoNode node) throws Exception {
        Web web = new Web(node);
        web.stow(
                "/dicomweb/studies",
                "application/dicom",
                List.of(
                        Web.Part.dicom(Web.file(TestObject.ct(root, root + ".1", root + ".1.1", 100))),
                        Web.Part.dicom(Web.file(TestObject.ct(root, root + ".1", root + ".1.2", 100)))));
        String condition = "modality = CT and sopInstanceUID ~ \\\"\\\\.2$\\\"";
        String study = "{\"condition\":\"" + condition + "\",\"study\":\"" + root + "\"}";
        Map<?, ?> result = answer(node, "POST", "/api/rules/test", study, 200);
        assertEquals(1, result.get("matching"));
        assertEquals(2, result.get("of"));
        assertEquals(2, ((List<?>) result.get("instances")).size());
        assertTrue(String.valueOf(result.get("instances")).contains("sopInstanceUID ~ "), String.valueOf(result));
        Map<?, ?> last = answer(node, "POST", "/api/rules/test", "{\"condition\":\"modality = CT\",\"last\":1}", 200);
        assertEquals("would have matched 1 of the last 1 studies", last.get("sentence"));
        assertEquals(List.of(root), last.get("studies"));
        String words = node.dozo("rule", "test", "modality = \"CT\"", "--study", root)
                .orFail()
                .output();
        assertTrue(words.contains("matches 2 of 2 instances"), words);
        assertTrue(refusal(node, "POST", "/api/rules/test", "{\"condition\":\"modalty = CT\",\"last\":1}", 400)
                .contains("at character 1, has \"modalty\", which is no keyword of DICOM; did you mean modality?"));
        assertEquals(
                404,
                send(node, "POST", "/api/rules/test", study.replace(root, "2.25.1"))
                        .statusCode());
        for (String wrong : List.of(
                "[]",
                "{",
                "{\"condition\":\"all\"}",
                "{\"condition\":\"all\",\"last\":1,\"study\":\"1\"}",
                "{\"last\":1}",
                "{\"rule\":{},\"last\":1}",
                "{\"condition\":\"all\",\"last\":100000000000}",
                "{\"condition\":\"all\",\"first\":1}")) {
            assertEquals(400, send(node, "POST", "/api/rules/test", wrong).statusCode(), wrong);
        }
    }
}
