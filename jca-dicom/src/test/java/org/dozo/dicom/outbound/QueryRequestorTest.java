// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Matches;
import org.dozo.dicom.Peer;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.RetrieveProgress;
import org.dozo.dicom.RetrieveResult;
import org.dozo.dicom.SubOperations;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.inbound.ListenerFixture;
import org.dozo.dicom.net.Await;
import org.dozo.dicom.net.Pdus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C-FIND and C-MOVE as SCU, against our own listener. */
class QueryRequestorTest {

    private static final int ENDLESS = 1_000_000;

    private ListenerFixture fixture;

    @BeforeEach
    void listen() throws Exception {
        fixture = ListenerFixture.retrieving();
    }

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    private DicomConnection open(String syntax) throws IOException {
        return new AssociationRequestor(RequestorSettings.DEFAULT)
                .open(
                        new Peer("DOZO", "127.0.0.1", fixture.port(), false),
                        "SENDER",
                        List.of(
                                new ProposedContext(SopClasses.VERIFICATION, List.of(Pdus.IMPLICIT)),
                                new ProposedContext(SopClasses.PATIENT_ROOT_FIND, List.of(syntax)),
                                new ProposedContext(SopClasses.PATIENT_ROOT_MOVE, List.of(syntax))));
    }

    private static Dataset keys(String name) {
        Dataset keys = new Dataset();
        keys.setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192");
        keys.setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, "PATIENT");
        keys.setString(Tag.PATIENT_NAME, VR.PN, name);
        keys.setInts(Tag.ROWS, VR.US, 0x1234);
        return keys;
    }

    /** Wants so many matches. */
    private record Wanted(List<Dataset> matches, int most) implements Matches {

        @Override
        public void add(Dataset match) {
            matches.add(match);
        }

        @Override
        public boolean isCancelled() {
            return matches.size() >= most;
        }
    }

    private record Heard(List<SubOperations> counts, int most) implements RetrieveProgress {

        @Override
        public void pending(SubOperations now) {
            counts.add(now);
        }

        @Override
        public boolean isCancelled() {
            return counts.size() >= most;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"})
    void everyMatchComesBackAsItWasFoundInEverySyntax(String syntax) throws Exception {
        fixture.archive.finding = (request, matches) -> {
            assertEquals(keys("山田*"), request.identifier());
            for (int i = 0; i < 50; i++) {
                matches.add(keys("山田^太郎" + i));
            }
            return new DimseStatus(0xC123, "told", Tag.PATIENT_NAME);
        };
        Wanted wanted = new Wanted(new ArrayList<>(), ENDLESS);
        try (DicomConnection connection = open(syntax)) {
            assertEquals(
                    new DimseStatus(0xC123, "told", Tag.PATIENT_NAME),
                    connection.find(SopClasses.PATIENT_ROOT_FIND, keys("山田*"), wanted));
            assertEquals(DimseStatus.SUCCESS, connection.echo());
        }
        assertEquals(50, wanted.matches.size());
        assertEquals(keys("山田^太郎49"), wanted.matches.getLast());
    }

    @Test
    void aQueryIsCancelledOnceEnoughIsFound() throws Exception {
        AtomicInteger found = new AtomicInteger();
        fixture.archive.finding = (request, matches) -> {
            while (found.get() < ENDLESS && !matches.isCancelled()) {
                matches.add(keys("A"));
                found.incrementAndGet();
            }
            return new DimseStatus(0xFE00, "");
        };
        Wanted wanted = new Wanted(new ArrayList<>(), 10);
        try (DicomConnection connection = open(Pdus.IMPLICIT)) {
            assertEquals(
                    0xFE00,
                    connection
                            .find(SopClasses.PATIENT_ROOT_FIND, keys("A"), wanted)
                            .code());
            assertEquals(DimseStatus.SUCCESS, connection.echo());
        }
        assertEquals(10, wanted.matches.size());
        assertTrue(found.get() < ENDLESS);
    }

    @Test
    void aMoveTellsItsProgressAndItsFailures() throws Exception {
        fixture.archive.moving = (request, progress) -> {
            assertEquals("THERE", request.moveDestination());
            progress.pending(new SubOperations(2, 1, 0, 0));
            progress.pending(new SubOperations(1, 1, 1, 0));
            return new RetrieveResult(
                    new DimseStatus(0xB000, "some"), new SubOperations(0, 1, 1, 1), List.of("1.2.3", "1.2.4"));
        };
        Heard heard = new Heard(new ArrayList<>(), ENDLESS);
        try (DicomConnection connection = open(Pdus.EXPLICIT)) {
            RetrieveResult result = connection.move(SopClasses.PATIENT_ROOT_MOVE, keys("A"), "THERE", heard);
            assertEquals(
                    new RetrieveResult(
                            new DimseStatus(0xB000, "some"), new SubOperations(0, 1, 1, 1), List.of("1.2.3", "1.2.4")),
                    result);
        }
        assertEquals(List.of(new SubOperations(2, 1, 0, 0), new SubOperations(1, 1, 1, 0)), heard.counts);
    }

    @Test
    void aMoveIsCancelled() throws Exception {
        fixture.archive.moving = (request, progress) -> {
            progress.pending(new SubOperations(2, 1, 0, 0));
            Await.until("the cancel comes", progress::isCancelled);
            return new RetrieveResult(new DimseStatus(0xFE00, ""), new SubOperations(2, 1, 0, 0), List.of());
        };
        try (DicomConnection connection = open(Pdus.EXPLICIT)) {
            RetrieveResult result =
                    connection.move(SopClasses.PATIENT_ROOT_MOVE, keys("A"), "THERE", new Heard(new ArrayList<>(), 1));
            assertEquals(0xFE00, result.status().code());
            assertEquals(2, result.counts().remaining());
            assertEquals(DimseStatus.SUCCESS, connection.echo());
        }
    }

    @Test
    void whatWasNotAcceptedOrIsNoDestinationIsRefusedWithoutHarm() throws Exception {
        try (DicomConnection connection = open(Pdus.EXPLICIT)) {
            Heard heard = new Heard(new ArrayList<>(), ENDLESS);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> connection.find(
                            SopClasses.STUDY_ROOT_FIND, keys("A"), new Wanted(new ArrayList<>(), ENDLESS)));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> connection.move(SopClasses.PATIENT_ROOT_MOVE, keys("A"), "", heard));
            assertEquals(DimseStatus.SUCCESS, connection.echo());
        }
    }

    @Test
    void aMatchBeyondTheLimitOrACallerThatFailsEndsTheAssociation() throws Exception {
        fixture.archive.finding = (request, matches) -> {
            Dataset match = keys("A");
            match.setBytes(0x0009_1000, VR.OB, new byte[2 << 20]);
            matches.add(match);
            return DimseStatus.SUCCESS;
        };
        try (DicomConnection connection = open(Pdus.EXPLICIT)) {
            Wanted wanted = new Wanted(new ArrayList<>(), ENDLESS);
            assertThrows(IOException.class, () -> connection.find(SopClasses.PATIENT_ROOT_FIND, keys("A"), wanted));
            assertThrows(IOException.class, connection::echo);
            assertTrue(wanted.matches.isEmpty());
        }
        fixture.archive.moving = (request, progress) -> {
            progress.pending(SubOperations.NONE);
            return RetrieveResult.refused(DimseStatus.SUCCESS);
        };
        RetrieveProgress failing = new RetrieveProgress() {
            @Override
            public void pending(SubOperations counts) throws IOException {
                throw new IOException("the caller's");
            }

            @Override
            public boolean isCancelled() {
                return false;
            }
        };
        try (DicomConnection connection = open(Pdus.EXPLICIT)) {
            assertThrows(
                    IOException.class,
                    () -> connection.move(SopClasses.PATIENT_ROOT_MOVE, keys("A"), "THERE", failing));
            assertThrows(IOException.class, connection::echo);
        }
    }
}
