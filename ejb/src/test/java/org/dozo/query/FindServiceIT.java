// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.dozo.access.AccessSettings;
import org.dozo.access.Admissions;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.access.Permission;
import org.dozo.access.ProofWanted;
import org.dozo.dicom.Association;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.FindRequest;
import org.dozo.dicom.Matches;
import org.dozo.dicom.Priority;
import org.dozo.dicom.QueryOption;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.settings.QuerySettings;
import org.dozo.shared.Notices;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The door for C-FIND without its network. */
class FindServiceIT {

    private static final String PATIENT_ROOT = "1.2.840.10008.5.1.4.1.2.1.1";
    private static final String STUDY_ROOT = "1.2.840.10008.5.1.4.1.2.2.1";

    private static StoredObjects stored;

    @BeforeAll
    static void store() throws Exception {
        stored = StoredObjects.ofTheTable();
    }

    @AfterAll
    static void close() {
        stored.close();
    }

    private static FindService service(boolean evaluation, QuerySettings settings) {
        Admissions admissions =
                new Admissions(new PeerRegistry(stored.database, Notices.NONE), new AccessSettings("DOZO", evaluation));
        return new FindService(admissions, new QueryService(stored.database, settings));
    }

    private static FindRequest request(String sopClass, Dataset identifier, QueryOption... options) {
        Association association =
                new Association(1, "FINDSCU", "DOZO2", InetAddress.getLoopbackAddress(), false, "", "", Instant.EPOCH);
        return new FindRequest(association, 1, sopClass, Priority.MEDIUM, identifier, Set.of(options));
    }

    private static Dataset identifier(String level) {
        return new Dataset().setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, level);
    }

    private static DimseStatus find(FindRequest request, Matches matches) throws IOException {
        return service(true, QuerySettings.DEFAULT).find(request, matches);
    }

    @Test
    void aPendingResponseSaysItsLevelAndWhereToRetrieve() throws Exception {
        Dataset identifier = identifier("STUDY")
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.9.2")
                .setString(Tag.ACCESSION_NUMBER, VR.SH);
        StoredObjects.Gathered matches = new StoredObjects.Gathered();
        assertEquals(DimseStatus.SUCCESS, find(request(STUDY_ROOT, identifier), matches));
        Dataset expected = new Dataset()
                .setString(Tag.ACCESSION_NUMBER, VR.SH, "ACC2")
                .setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, "STUDY")
                .setString(Tag.RETRIEVE_AE_TITLE, VR.AE, "DOZO2")
                .setString(Tag.INSTANCE_AVAILABILITY, VR.CS, "ONLINE")
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.9.2");
        assertEquals(List.of(expected), matches.all);
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.840.10008.5.1.4.1.2.1.1, PATIENT, ok",
        "1.2.840.10008.5.1.4.1.2.2.1, PATIENT, bad",
        "1.2.840.10008.5.1.4.1.2.2.1, STUDY, ok",
        "1.2.840.10008.5.1.4.1.2.2.1, IMAGE, ok",
        "1.2.840.10008.5.1.4.1.2.3.1, STUDY, ok",
        "1.2.840.10008.5.1.4.1.2.3.1, SERIES, bad",
        "1.2.840.10008.5.1.4.1.2.2.1, study, bad",
        "1.2.840.10008.5.1.4.1.2.2.1, '', bad",
        "1.2.840.10008.5.1.4.31, STUDY, bad",
    })
    void everyModelHasItsLevels(String sopClass, String level, String answer) throws Exception {
        FindRequest request = request(sopClass, identifier(level), QueryOption.RELATIONAL);
        DimseStatus status = find(request, new StoredObjects.Gathered());
        assertEquals(answer.equals("ok") ? 0 : 0xA900, status.code(), status::toString);
        assertEquals(answer.equals("ok"), status.comment().isEmpty());
    }

    @Test
    void aHierarchicalQueryNeedsOneValueOfEveryUniqueKeyAboveUnlessRelationalIsAgreedOn() throws Exception {
        Dataset series = identifier("SERIES").setString(Tag.SERIES_INSTANCE_UID, VR.UI);
        assertEquals(
                0xA900,
                find(request(STUDY_ROOT, series), new StoredObjects.Gathered()).code());
        StoredObjects.Gathered all = new StoredObjects.Gathered();
        assertEquals(
                0,
                find(request(STUDY_ROOT, series, QueryOption.RELATIONAL), all).code());
        assertEquals(9, all.all.size());
        series.setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.9.1", "1.9.2");
        assertEquals(
                0xA900,
                find(request(STUDY_ROOT, series), new StoredObjects.Gathered()).code());
        series.setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.9.1");
        StoredObjects.Gathered two = new StoredObjects.Gathered();
        assertEquals(0, find(request(STUDY_ROOT, series), two).code());
        assertEquals(2, two.all.size());
        DimseStatus patientRoot = find(request(PATIENT_ROOT, series), new StoredObjects.Gathered());
        assertEquals(0xA900, patientRoot.code());
        assertTrue(patientRoot.comment().contains("(0010,0020)"), patientRoot::comment);
    }

    @Test
    void whatWasNotAgreedOnDoesNotHold() throws Exception {
        Dataset fuzzy = identifier("STUDY").setString(Tag.PATIENT_NAME, VR.PN, "Maier^Johan");
        StoredObjects.Gathered none = new StoredObjects.Gathered();
        find(request(STUDY_ROOT, fuzzy), none);
        StoredObjects.Gathered one = new StoredObjects.Gathered();
        find(request(STUDY_ROOT, fuzzy, QueryOption.FUZZY_PERSON_NAMES), one);
        assertEquals(List.of(0, 1), List.of(none.all.size(), one.all.size()));
        Dataset moment = identifier("STUDY")
                .setString(Tag.STUDY_DATE, VR.DA, "20200115-20200116")
                .setString(Tag.STUDY_TIME, VR.TM, "1100-0900");
        StoredObjects.Gathered apart = new StoredObjects.Gathered();
        find(request(STUDY_ROOT, moment), apart);
        StoredObjects.Gathered combined = new StoredObjects.Gathered();
        find(request(STUDY_ROOT, moment, QueryOption.COMBINED_DATE_TIME), combined);
        assertEquals(List.of(0, 2), List.of(apart.all.size(), combined.all.size()));
    }

    @Test
    void whoMayNotFindIsToldSo() throws Exception {
        stored.test.execute("DELETE FROM peer");
        FindRequest request = request(STUDY_ROOT, identifier("STUDY"));
        FindService strict = service(false, QuerySettings.DEFAULT);
        assertEquals(0x0124, strict.find(request, new StoredObjects.Gathered()).code());
        new PeerRegistry(stored.database, Notices.NONE)
                .put(new KnownPeer("FINDSCU", "127.0.0.1", 104, false, Set.of(Permission.FIND), ""));
        assertEquals(
                0,
                service(false, QuerySettings.DEFAULT)
                        .find(request, new StoredObjects.Gathered())
                        .code());
    }

    @Test
    void cancelTooBroadAndGoneHaveAnswersOfTheirOwn() throws Exception {
        FindRequest request = request(STUDY_ROOT, identifier("STUDY"));
        assertEquals(0xFE00, find(request, new StoredObjects.Gathered(2)).code());
        DimseStatus broad =
                service(true, new QuerySettings(3, 3, ZoneOffset.UTC)).find(request, new StoredObjects.Gathered());
        assertEquals(0xA700, broad.code());
        assertTrue(broad.comment().contains("query.max-matches"), broad::comment);
        Matches gone = new Matches() {
            @Override
            public void add(Dataset match) throws IOException {
                throw new IOException("gone");
            }

            @Override
            public boolean isCancelled() {
                return false;
            }
        };
        assertThrows(IOException.class, () -> find(request, gone));
    }

    // --- character sets

    private static Dataset nameIn(String patientId, String... characterSet) throws IOException {
        Dataset identifier = identifier("PATIENT");
        if (characterSet.length > 0) {
            identifier.setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, characterSet);
        }
        identifier.setString(Tag.PATIENT_ID, VR.LO, patientId).setString(Tag.PATIENT_NAME, VR.PN);
        StoredObjects.Gathered matches = new StoredObjects.Gathered();
        assertEquals(0, find(request(PATIENT_ROOT, identifier), matches).code());
        return matches.all.getFirst();
    }

    @Test
    void theAnswerIsInTheCharacterSetOfTheQuestionIfThatLosesNothing() throws Exception {
        String kanji = "Yamada^Tarou=山田^太郎=やまだ^たろう";
        Dataset japanese = nameIn("P1", "", "ISO 2022 IR 87");
        assertEquals(List.of("", "ISO 2022 IR 87"), japanese.getStrings(Tag.SPECIFIC_CHARACTER_SET));
        assertEquals(kanji, japanese.getString(Tag.PATIENT_NAME));
        assertEquals(0x1B, japanese.getBytes(Tag.PATIENT_NAME)["Yamada^Tarou=".length()]);
        for (String[] tooSmall : new String[][] {{}, {"ISO_IR 100"}, {"ISO_IR 192"}}) {
            Dataset answer = nameIn("P1", tooSmall);
            assertEquals("ISO_IR 192", answer.getString(Tag.SPECIFIC_CHARACTER_SET));
            assertEquals(kanji, answer.getString(Tag.PATIENT_NAME));
        }
        Dataset latin = nameIn("P2", "ISO_IR 100");
        assertEquals("ISO_IR 100", latin.getString(Tag.SPECIFIC_CHARACTER_SET));
        assertEquals("O'Brien^Séan^^Dr", latin.getString(Tag.PATIENT_NAME));
        assertFalse(nameIn("P5", "ISO_IR 100").contains(Tag.SPECIFIC_CHARACTER_SET), "ASCII needs none");
    }

    @Test
    void aPeerIsAnsweredInTheCharacterSetOfItsRecordIfThatLosesNothing() throws Exception {
        PeerRegistry peers = new PeerRegistry(stored.database, Notices.NONE);
        try {
            peers.put(known("127.0.0.1", "\\ISO 2022 IR 87"));
            for (String[] asked : new String[][] {{}, {"ISO_IR 192"}, {"ISO_IR 100"}}) {
                Dataset japanese = nameIn("P1", asked);
                assertEquals(List.of("", "ISO 2022 IR 87"), japanese.getStrings(Tag.SPECIFIC_CHARACTER_SET));
                assertEquals("Yamada^Tarou=山田^太郎=やまだ^たろう", japanese.getString(Tag.PATIENT_NAME));
            }
            Dataset latin = nameIn("P2");
            assertEquals("ISO_IR 192", latin.getString(Tag.SPECIFIC_CHARACTER_SET), "it has no é");
            assertEquals("O'Brien^Séan^^Dr", latin.getString(Tag.PATIENT_NAME));
            peers.put(known("192.0.2.1", "\\ISO 2022 IR 87"));
            assertEquals("ISO_IR 192", nameIn("P1").getString(Tag.SPECIFIC_CHARACTER_SET), "the peer is elsewhere");
        } finally {
            peers.delete("FINDSCU");
        }
    }

    private static KnownPeer known(String host, String characterSet) {
        return new KnownPeer(
                "FINDSCU",
                host,
                104,
                false,
                Set.of(Permission.FIND),
                "",
                ProofWanted.QUERY,
                false,
                KnownPeer.characterSetOf(characterSet));
    }

    @Test
    void keysAreReadInTheCharacterSetOfTheQuestion() throws Exception {
        Dataset identifier = identifier("PATIENT")
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "", "ISO 2022 IR 87")
                .setString(Tag.PATIENT_NAME, VR.PN, "=山田^花*");
        StoredObjects.Gathered matches = new StoredObjects.Gathered();
        find(request(PATIENT_ROOT, identifier), matches);
        assertEquals(List.of("=山田^花子=ヤマダ^ハナコ"), matches.values(Tag.PATIENT_NAME));
    }

    @Test
    void aKeyOfAnotherVrIsReadAsWhatItShouldBeOrRefused() throws Exception {
        Dataset text = identifier("STUDY").setString(Tag.STUDY_DATE, VR.LO, "20200116");
        StoredObjects.Gathered matches = new StoredObjects.Gathered();
        assertEquals(0, find(request(STUDY_ROOT, text), matches).code());
        assertEquals(1, matches.all.size());
        Dataset binary = identifier("STUDY").setInts(Tag.STUDY_DATE, VR.US, 5);
        DimseStatus status = find(request(STUDY_ROOT, binary), new StoredObjects.Gathered());
        assertEquals(0xA900, status.code());
        assertTrue(status.comment().contains("(0008,0020)"), status::comment);
        Dataset sequence = identifier("STUDY")
                .set(Element.ofItems(Tag.PROCEDURE_CODE_SEQUENCE, List.of(new Dataset(), new Dataset())));
        assertEquals(
                0xA900,
                find(request(STUDY_ROOT, sequence), new StoredObjects.Gathered())
                        .code());
    }
}
