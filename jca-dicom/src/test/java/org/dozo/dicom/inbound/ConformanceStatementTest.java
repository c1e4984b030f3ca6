// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dozo.dicom.NodeProperties;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.io.FileMetaInformation;
import org.dozo.dicom.net.Pdus;
import org.dozo.dicom.net.ScriptedPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/conformance/dicom.md are what the listener answers on the wire. A stale page is written anew by {@code mvn -pl
 * jca-dicom test -Dtest=ConformanceStatementTest -Ddozo.write-docs=true}.
 */
class ConformanceStatementTest {

    private static final Path PAGE = Path.of("../docs/conformance/dicom.md");

    /** Contexts of one association request, PS3.8 §9.3.2.2: odd ids to 255. */
    private static final int MOST_CONTEXTS = 128;

    /** PS3.4 §C.4: C-FIND, C-MOVE and C-GET of the three information models. */
    private static final List<String> QUERY_RETRIEVE = List.of(
            "1.2.840.10008.5.1.4.1.2.1.1",
            "1.2.840.10008.5.1.4.1.2.1.2",
            "1.2.840.10008.5.1.4.1.2.1.3",
            "1.2.840.10008.5.1.4.1.2.2.1",
            "1.2.840.10008.5.1.4.1.2.2.2",
            "1.2.840.10008.5.1.4.1.2.2.3",
            "1.2.840.10008.5.1.4.1.2.3.1",
            "1.2.840.10008.5.1.4.1.2.3.2",
            "1.2.840.10008.5.1.4.1.2.3.3");

    private static final Set<String> PLAIN =
            new TreeSet<>(List.of("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"));

    private ListenerFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = ListenerFixture.retrieving();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private record Proposal(String sopClass, String syntax) {}

    /** Those of the proposals that the listener accepts, each asked for in a context of its own. */
    private Set<Proposal> accepted(List<Proposal> proposals) throws IOException {
        Set<Proposal> accepted = new LinkedHashSet<>();
        for (int from = 0; from < proposals.size(); from += MOST_CONTEXTS) {
            List<Proposal> part = proposals.subList(from, Math.min(proposals.size(), from + MOST_CONTEXTS));
            byte[][] items = new byte[part.size() + 1][];
            for (int i = 0; i < part.size(); i++) {
                items[i] = Pdus.context(
                        2 * i + 1, part.get(i).sopClass(), part.get(i).syntax());
            }
            items[part.size()] = Pdus.userInformation(0);
            try (ScriptedPeer peer = fixture.connect()) {
                byte[] answer = peer.send(Pdus.associateRequest(items)).receive();
                assertEquals(2, answer[0], "A-ASSOCIATE-AC");
                acceptedIds(answer).forEach(id -> accepted.add(part.get((id - 1) / 2)));
                peer.send(Pdus.releaseRequest()).receive();
            }
        }
        return accepted;
    }

    /** PS3.8 §9.3.3.2: id at byte 4, result at byte 6 of the item. */
    private static List<Integer> acceptedIds(byte[] accept) {
        List<Integer> ids = new ArrayList<>();
        for (int at = 74; at < accept.length; at += 4 + ((accept[at + 2] & 0xFF) << 8 | (accept[at + 3] & 0xFF))) {
            if (accept[at] == 0x21 && accept[at + 6] == 0) {
                ids.add(accept[at + 4] & 0xFF);
            }
        }
        return ids;
    }

    private static List<Proposal> all(Collection<String> classes, Collection<String> syntaxes) {
        return classes.stream()
                .flatMap(sopClass -> syntaxes.stream().map(syntax -> new Proposal(sopClass, syntax)))
                .toList();
    }

    private static Set<String> syntaxes() {
        return TransferSyntaxes.all().stream()
                .map(TransferSyntax::uid)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Set<String> storageClasses() throws IOException {
        return accepted(all(SopClasses.storage(), List.of(Pdus.EXPLICIT))).stream()
                .map(Proposal::sopClass)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Set<String> storageSyntaxes() throws IOException {
        return accepted(all(List.of(Pdus.CT), syntaxes())).stream()
                .map(Proposal::syntax)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    // --- the page

    @Test
    void theTablesOfThePageAreWhatTheListenerAnswers() throws IOException {
        String page = Files.readString(PAGE);
        String fresh = page;
        fresh = with(fresh, "identity", identity());
        fresh = with(fresh, "storage", classTable(storageClasses()));
        Set<String> refused = new LinkedHashSet<>(SopClasses.storage());
        refused.removeAll(storageClasses());
        fresh = with(fresh, "storage-refused", classTable(refused));
        fresh = with(fresh, "query-retrieve", classTable(QUERY_RETRIEVE));
        fresh = with(fresh, "transfer-syntaxes", syntaxTable(storageSyntaxes()));
        Set<String> notKept = new LinkedHashSet<>(syntaxes());
        notKept.removeAll(storageSyntaxes());
        fresh = with(fresh, "transfer-syntaxes-refused", syntaxTable(notKept));
        if (Boolean.getBoolean("dozo.write-docs")) {
            Files.writeString(PAGE, fresh);
        }
        assertEquals(
                fresh,
                Files.readString(PAGE),
                "docs/conformance/dicom.md is stale; the test says how to write it anew");
    }

    /** Put between the two markers, which must be there. */
    private static String with(String page, String block, String content) {
        String begin = "<!-- generated: " + block + " -->\n";
        String end = "<!-- end: " + block + " -->";
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        assertTrue(from >= 0 && to > from, "the page has no block " + block);
        return page.substring(0, from + begin.length()) + content + page.substring(to);
    }

    private static String identity() {
        ListenerSettings settings = ListenerSettings.from(new NodeProperties(new Properties()));
        return """
                | item | value |
                |---|---|
                | application context name | 1.2.840.10008.3.1.1.1 |
                | AE title, until configured | %s |
                | TCP port, until configured | %d |
                | implementation class UID | %s |
                | implementation version name | %s |
                | maximum PDU received, until configured | %d bytes |
                | associations at the same time, until configured | %d, of these %d of one peer |
                """.formatted(
                        String.join(", ", settings.aeTitles()),
                        settings.port(),
                        FileMetaInformation.IMPLEMENTATION_CLASS_UID,
                        FileMetaInformation.IMPLEMENTATION_VERSION_NAME,
                        settings.maxPdu(),
                        settings.maxAssociations(),
                        settings.maxAssociationsPerPeer());
    }

    private static String classTable(Collection<String> uids) {
        TreeMap<String, String> names = new TreeMap<>();
        uids.forEach(uid -> names.put(uid, SopClasses.name(uid)));
        return table("SOP class", names);
    }

    private static String syntaxTable(Collection<String> uids) {
        TreeMap<String, String> names = new TreeMap<>();
        for (TransferSyntax syntax : TransferSyntaxes.all()) {
            if (uids.contains(syntax.uid())) {
                names.put(syntax.uid(), syntax.name());
            }
        }
        return table("transfer syntax", names);
    }

    private static String table(String head, SortedMap<String, String> names) {
        StringBuilder table = new StringBuilder("| " + head + " | UID |\n|---|---|\n");
        names.forEach((uid, name) -> table.append("| " + name + " | " + uid + " |\n"));
        return table.toString();
    }

    // --- what the page says in words

    @Test
    void everyStorageClassIsAcceptedWithEveryTransferSyntaxOfTheTable() throws IOException {
        Set<String> classes = storageClasses();
        Set<String> syntaxes = storageSyntaxes();
        assertTrue(classes.size() > 150 && syntaxes.size() > 30, classes.size() + " classes, " + syntaxes.size());
        List<Proposal> proposals = all(classes, syntaxes());
        assertEquals(new LinkedHashSet<>(all(classes, syntaxes)), accepted(proposals));
    }

    @Test
    void verificationIsAcceptedWithTheThreeNativeSyntaxes() throws IOException {
        Set<String> accepted = accepted(all(List.of(SopClasses.VERIFICATION), syntaxes())).stream()
                .map(Proposal::syntax)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(PLAIN, accepted);
    }

    @Test
    void queryAndRetrieveAreAcceptedWithTheThreeNativeSyntaxes() throws IOException {
        Set<Proposal> accepted = accepted(all(QUERY_RETRIEVE, syntaxes()));
        assumeTrue(!accepted.isEmpty(), "nobody listens to Query/Retrieve in this fixture");
        assertEquals(new LinkedHashSet<>(all(QUERY_RETRIEVE, new ArrayList<>(PLAIN))), accepted);
    }

    @Test
    void storageCommitmentIsAcceptedWithTheThreeNativeSyntaxes() throws IOException {
        Set<Proposal> accepted = accepted(all(List.of(SopClasses.STORAGE_COMMITMENT), syntaxes()));
        assertEquals(
                new LinkedHashSet<>(all(List.of(SopClasses.STORAGE_COMMITMENT), new ArrayList<>(PLAIN))), accepted);
    }

    @Test
    void theStandardKnowsEveryClassOfThePage() {
        QUERY_RETRIEVE.forEach(uid -> assertTrue(!SopClasses.name(uid).equals(uid), uid));
    }
}
