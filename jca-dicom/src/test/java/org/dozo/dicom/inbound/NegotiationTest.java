// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import static org.dozo.dicom.net.Pdus.CT;
import static org.dozo.dicom.net.Pdus.EXPLICIT;
import static org.dozo.dicom.net.Pdus.IMPLICIT;
import static org.dozo.dicom.net.Pdus.JPEG_LS;
import static org.dozo.dicom.net.Pdus.VERIFICATION;
import static org.dozo.dicom.net.Pdus.ascii;
import static org.dozo.dicom.net.Pdus.associateRequest;
import static org.dozo.dicom.net.Pdus.bytes;
import static org.dozo.dicom.net.Pdus.context;
import static org.dozo.dicom.net.Pdus.counted;
import static org.dozo.dicom.net.Pdus.field;
import static org.dozo.dicom.net.Pdus.int16;
import static org.dozo.dicom.net.Pdus.item;
import static org.dozo.dicom.net.Pdus.userInformation;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.dozo.dicom.Admission;
import org.dozo.dicom.net.Pdus;
import org.dozo.dicom.net.ScriptedPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** PS3.8 §7.1 and PS3.7 §D.3: what a request is answered. */
class NegotiationTest {

    private static final byte[] REJECT_HEADER = bytes(3, 0, 0, 0, 0, 4, 0);

    private ListenerFixture fixture;

    @AfterEach
    void nothingIsLeft() {
        if (fixture != null) {
            fixture.close();
        }
    }

    private byte[] answer(byte[] request) throws Exception {
        if (fixture == null) {
            fixture = ListenerFixture.with();
        }
        try (ScriptedPeer peer = fixture.connect()) {
            return peer.send(request).receive();
        }
    }

    private void assertRejected(byte[] request, int result, int source, int reason) throws Exception {
        assertArrayEquals(Pdus.join(REJECT_HEADER, bytes(result, source, reason)), answer(request));
    }

    @Test
    void theFirstAcceptableSyntaxInTheProposersOrderIsTaken() throws Exception {
        byte[] accept = answer(associateRequest(
                context(1, CT, "1.2.3.99", JPEG_LS, EXPLICIT), context(3, CT, IMPLICIT), userInformation(0)));
        assertEquals(List.of(0, 0), results(accept));
        assertEquals(List.of(JPEG_LS, IMPLICIT), syntaxes(accept));
    }

    @Test
    void unknownClassesAndSyntaxesAreRefusedOneByOne() throws Exception {
        byte[] accept = answer(associateRequest(
                context(1, "1.2.3", IMPLICIT),
                context(3, CT, "1.2.3.99", "1.2.840.10008.1.2.4.94"),
                context(5, VERIFICATION, JPEG_LS),
                context(7, VERIFICATION, JPEG_LS, IMPLICIT),
                userInformation(0)));
        assertEquals(List.of(3, 4, 4, 0), results(accept));
    }

    @Test
    void configuredPrivateClassesAndSyntaxesAreAccepted() throws Exception {
        fixture = ListenerFixture.with(
                "dicom.private-sop-classes", "1.2.3, 1.2.4", "dicom.unknown-transfer-syntaxes", "1.2.3.99");
        byte[] accept = answer(associateRequest(context(1, "1.2.4", "1.2.3.99"), userInformation(0)));
        assertEquals(List.of(0), results(accept));
    }

    @Test
    void storageIsNotOfferedWhileNobodyStores() throws Exception {
        fixture = ListenerFixture.withoutStore();
        byte[] accept = answer(
                associateRequest(context(1, CT, IMPLICIT), context(3, VERIFICATION, IMPLICIT), userInformation(0)));
        assertEquals(List.of(3, 0), results(accept));
    }

    @Test
    void paddedUidsAndUnknownItemsAreTolerated() throws Exception {
        byte[] accept = answer(associateRequest(
                item(0x7E, ascii("whatever")),
                context(1, CT + "\0", IMPLICIT + "\0"),
                userInformation(0, item(0x5F, ascii("new")))));
        assertEquals(List.of(0), results(accept));
    }

    @Test
    void theMaximumLengthOfTheSettingsIsAnnounced() throws Exception {
        fixture = ListenerFixture.with("dicom.max-pdu", "32 KiB");
        byte[] accept = answer(Pdus.usualRequest());
        assertTrue(contains(accept, item(0x51, Pdus.int32(32768))));
    }

    @Test
    void anAsynchronousWindowIsAnsweredByOneOperationAtATime() throws Exception {
        byte[] accept =
                answer(associateRequest(context(1, CT, IMPLICIT), userInformation(0, item(0x53, int16(8), int16(0)))));
        assertTrue(contains(accept, item(0x53, int16(1), int16(1))));
        assertFalse(contains(answer(Pdus.usualRequest()), bytes(0x53, 0, 0, 4)));
    }

    @Test
    void thePeerMayBeScuButNotScp() throws Exception {
        byte[] accept = answer(associateRequest(
                context(1, CT, IMPLICIT),
                userInformation(0, item(0x54, counted(CT), bytes(1, 1)), item(0x54, counted("1.2.3"), bytes(1, 1)))));
        assertTrue(contains(accept, item(0x54, counted(CT), bytes(1, 0))));
        assertFalse(contains(accept, counted("1.2.3")));
    }

    private static final String FIND = "1.2.840.10008.5.1.4.1.2.1.1";
    private static final String MOVE = "1.2.840.10008.5.1.4.1.2.1.2";
    private static final String GET = "1.2.840.10008.5.1.4.1.2.1.3";

    @Test
    void allInformationModelsAreAcceptedInThePlainSyntaxes() throws Exception {
        fixture = ListenerFixture.retrieving();
        String bigEndian = "1.2.840.10008.1.2.2";
        String deflated = "1.2.840.10008.1.2.1.99";
        for (int model = 1; model <= 3; model++) {
            String root = "1.2.840.10008.5.1.4.1.2." + model + ".";
            byte[] accept = answer(associateRequest(
                    context(1, root + 1, JPEG_LS, EXPLICIT, IMPLICIT),
                    context(3, root + 2, IMPLICIT),
                    context(5, root + 3, deflated, bigEndian),
                    context(7, root + 1, deflated),
                    userInformation(0)));
            assertEquals(List.of(0, 0, 0, 4), results(accept));
            assertEquals(
                    List.of(EXPLICIT, IMPLICIT, bigEndian), syntaxes(accept).subList(0, 3));
        }
    }

    @Test
    void queryAndRetrieveAreNotOfferedWhileNobodyServesThem() throws Exception {
        byte[] accept = answer(associateRequest(
                context(1, FIND, IMPLICIT),
                context(3, MOVE, IMPLICIT),
                context(5, GET, IMPLICIT),
                context(7, CT, IMPLICIT),
                userInformation(0, item(0x54, counted(CT), bytes(0, 1)), item(0x56, counted(FIND), bytes(1, 1)))));
        assertEquals(List.of(3, 3, 3, 0), results(accept));
        assertTrue(contains(accept, item(0x54, counted(CT), bytes(0, 0))));
        assertFalse(contains(accept, counted(FIND)));
    }

    @Test
    void whatIsProposedAndSupportedIsAgreedOnByteForByte() throws Exception {
        fixture = ListenerFixture.retrieving();
        byte[] accept = answer(associateRequest(
                context(1, FIND, IMPLICIT),
                context(3, MOVE, IMPLICIT),
                context(5, GET, IMPLICIT),
                context(7, "1.2.840.10008.5.1.4.1.2.2.1", IMPLICIT),
                userInformation(
                        0,
                        item(0x56, counted(FIND), bytes(1, 1, 1, 1, 1, 1)),
                        item(0x56, counted(MOVE), bytes(1, 1)),
                        item(0x56, counted(GET), bytes(0)),
                        item(0x56, counted("1.2.840.10008.5.1.4.1.2.2.1"), bytes(0, 0, 1)))));
        assertTrue(contains(accept, item(0x56, counted(FIND), bytes(1, 1, 1, 1, 0))));
        assertTrue(contains(accept, item(0x56, counted(MOVE), bytes(1, 0))));
        assertTrue(contains(accept, item(0x56, counted(GET), bytes(0))));
        assertTrue(contains(accept, item(0x56, counted("1.2.840.10008.5.1.4.1.2.2.1"), bytes(0, 0, 1))));
    }

    @Test
    void aPeerThatGetsMayBeScpOfStorageAndIsOfferedWhatMostObjectsCanBeSentIn() throws Exception {
        fixture = ListenerFixture.retrieving();
        byte[] accept = answer(associateRequest(
                context(1, GET, IMPLICIT),
                context(3, CT, JPEG_LS, IMPLICIT, EXPLICIT),
                context(5, CT, JPEG_LS),
                context(7, "1.2.840.10008.5.1.4.1.1.4", JPEG_LS, EXPLICIT),
                context(9, "1.2.840.10008.5.1.4.1.1.7", JPEG_LS, IMPLICIT),
                userInformation(
                        0,
                        item(0x54, counted(CT), bytes(0, 1)),
                        item(0x54, counted("1.2.840.10008.5.1.4.1.1.7"), bytes(1, 1)),
                        item(0x54, counted(GET), bytes(1, 1)))));
        assertEquals(List.of(IMPLICIT, EXPLICIT, JPEG_LS, JPEG_LS, IMPLICIT), syntaxes(accept));
        assertTrue(contains(accept, item(0x54, counted(CT), bytes(0, 1))));
        assertTrue(contains(accept, item(0x54, counted("1.2.840.10008.5.1.4.1.1.7"), bytes(1, 1))));
        assertTrue(contains(accept, item(0x54, counted(GET), bytes(1, 0))));
    }

    @Test
    void aPeerThatCanNotGetIsNotMadeScp() throws Exception {
        fixture = ListenerFixture.retrieving();
        byte[] accept = answer(associateRequest(
                context(1, GET, JPEG_LS),
                context(3, CT, JPEG_LS, EXPLICIT),
                userInformation(0, item(0x54, counted(CT), bytes(1, 1)))));
        assertEquals(List.of(4, 0), results(accept));
        assertEquals(JPEG_LS, syntaxes(accept).get(1));
        assertTrue(contains(accept, item(0x54, counted(CT), bytes(1, 0))));
    }

    @Test
    void extendedNegotiationOfStorageIsAnsweredByLevelTwo() throws Exception {
        byte[] accept = answer(associateRequest(
                context(1, CT, IMPLICIT),
                userInformation(
                        0,
                        item(0x56, counted(CT), bytes(2, 0, 3, 0, 0, 0)),
                        item(0x57, counted(CT), counted("1.2.840.10008.4.2"), int16(0)))));
        assertTrue(contains(accept, item(0x56, counted(CT), bytes(2, 0, 0, 0, 1, 0))));
    }

    @Test
    void aUserNameIsAnsweredIfItAsksForIt() throws Exception {
        byte[] asked = item(0x58, bytes(2, 1), counted("anna"), counted("secret"));
        byte[] quiet = item(0x58, bytes(2, 0), counted("anna"), counted("secret"));
        byte[] saml = item(0x58, bytes(4, 1), counted("<saml/>"), counted(""));
        assertTrue(contains(
                answer(associateRequest(context(1, CT, IMPLICIT), userInformation(0, asked))), item(0x59, int16(0))));
        for (byte[] identity : List.of(quiet, saml)) {
            assertFalse(contains(
                    answer(associateRequest(context(1, CT, IMPLICIT), userInformation(0, identity))), bytes(0x59, 0)));
        }
    }

    @Test
    void anotherCalledAeTitleIsRejectedForGood() throws Exception {
        assertRejected(associateRequest("ELSEWHERE", "SCRIPT", context(1, CT, IMPLICIT)), 1, 1, 7);
    }

    @Test
    void severalAeTitlesCanBeOurs() throws Exception {
        fixture = ListenerFixture.with("dicom.ae-title", "DOZO, SECOND");
        assertEquals(2, answer(associateRequest("SECOND", "SCRIPT", context(1, CT, IMPLICIT)))[0]);
    }

    @Test
    void anotherProtocolVersionIsRejectedForGood() throws Exception {
        assertRejected(
                associateRequest(2, field("DOZO"), field("SCRIPT"), "1.2.840.10008.3.1.1.1", context(1, CT, IMPLICIT)),
                1,
                2,
                2);
    }

    @Test
    void anotherApplicationContextIsRejectedForGood() throws Exception {
        assertRejected(associateRequest(1, field("DOZO"), field("SCRIPT"), "1.2.3", context(1, CT, IMPLICIT)), 1, 1, 2);
    }

    @Test
    void theArchivesRefusalsAreTold() throws Exception {
        fixture = ListenerFixture.with();
        fixture.archive.admitting = association -> Admission.CALLING_AE_TITLE_NOT_RECOGNIZED;
        assertRejected(Pdus.usualRequest(), 1, 1, 3);
        fixture.archive.admitting = association -> Admission.CALLED_AE_TITLE_NOT_RECOGNIZED;
        assertRejected(Pdus.usualRequest(), 1, 1, 7);
        fixture.archive.admitting = association -> Admission.TEMPORARILY_CONGESTED;
        assertRejected(Pdus.usualRequest(), 2, 3, 2);
    }

    @Test
    void anArchiveThatFailsToDecideOrIsNotThereRejectsForNow() throws Exception {
        fixture = ListenerFixture.with();
        fixture.archive.admitting = association -> {
            throw new IllegalStateException("database down");
        };
        assertRejected(Pdus.usualRequest(), 2, 3, 2);
        fixture.archive.available = false;
        assertRejected(Pdus.usualRequest(), 2, 3, 2);
    }

    /** G7: titles that could leave a directory, end a string or a log line. */
    @Test
    void hostileAeTitlesAreRejectedBeforeTheArchiveSeesThem() throws Exception {
        fixture = ListenerFixture.with();
        for (String title :
                List.of("", "A\\B", "A\0B", "\0\0\0\0", "..\\..\\etc", "A\nB", "A\u001b[2J", "\u00e9", "A\u007f")) {
            assertRejected(associateRequest("DOZO", title, context(1, CT, IMPLICIT)), 1, 1, 3);
            assertRejected(associateRequest(title, "SCRIPT", context(1, CT, IMPLICIT)), 1, 1, 7);
        }
        assertTrue(fixture.archive.admitted.isEmpty());
    }

    @Test
    void thePeerIsMadeKnownToTheArchive() throws Exception {
        fixture = ListenerFixture.with();
        answer(Pdus.usualRequest(" MODALITY 1 "));
        var association = fixture.archive.admitted.getFirst();
        assertEquals("MODALITY 1", association.callingAeTitle());
        assertEquals("DOZO", association.calledAeTitle());
        assertEquals("1.2.3.4", association.implementationClassUid());
        assertEquals("SCRIPT", association.implementationVersionName());
        assertTrue(association.remoteAddress().isLoopbackAddress());
    }

    private static List<Integer> results(byte[] accept) {
        return items(accept).stream().map(at -> (int) accept[at + 6]).toList();
    }

    private static List<String> syntaxes(byte[] accept) {
        return items(accept).stream()
                .map(at -> new String(accept, at + 12, accept[at + 11] & 0xFF, StandardCharsets.ISO_8859_1))
                .toList();
    }

    /** Where the presentation context items begin. */
    private static List<Integer> items(byte[] accept) {
        assertEquals(2, accept[0], "A-ASSOCIATE-AC");
        List<Integer> found = new java.util.ArrayList<>();
        for (int at = 74; at < accept.length; ) {
            if (accept[at] == 0x21) {
                found.add(at);
            }
            at += 4 + ((accept[at + 2] & 0xFF) << 8 | (accept[at + 3] & 0xFF));
        }
        return found;
    }

    private static boolean contains(byte[] all, byte[] part) {
        for (int at = 0; at + part.length <= all.length; at++) {
            if (Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
