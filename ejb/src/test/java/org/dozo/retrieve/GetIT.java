// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import static org.dozo.retrieve.StockedArchive.EXPLICIT;
import static org.dozo.retrieve.StockedArchive.STUDY_ROOT_GET;
import static org.dozo.retrieve.StockedArchive.object;
import static org.dozo.retrieve.StockedArchive.request;
import static org.dozo.retrieve.StockedArchive.study;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.dozo.access.DestinationSettings;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.Peer;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.RetrieveResult;
import org.dozo.dicom.SubOperations;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.io.DatasetReader;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.sending.FakeDestination;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class GetIT {

    @TempDir
    private Path directory;

    private StockedArchive archive;
    private final Requestor requestor = new Requestor();

    @BeforeEach
    void open() throws Exception {
        archive = new StockedArchive(directory, DestinationSettings.DEFAULT).with(4);
    }

    @AfterEach
    void close() {
        archive.close();
    }

    /** The requestor's side of the association, with what it took the SCP role for. */
    private DicomConnection side(String sopClass, TransferSyntax syntax) throws IOException {
        return archive.destination.open(
                new Peer("VIEWER", "127.0.0.1", 1, false),
                "DOZO",
                List.of(new ProposedContext(sopClass, List.of(syntax.uid()))));
    }

    private RetrieveResult get(String sopClass, TransferSyntax syntax) throws IOException {
        return archive.get.get(request(STUDY_ROOT_GET, study(), ""), requestor, side(sopClass, syntax));
    }

    @Test
    void everyObjectComesBackAsItWasStoredOnNobodysBehalf() throws Exception {
        RetrieveResult result = get(StockedArchive.CT, EXPLICIT);
        assertEquals(0, result.status().code());
        assertEquals(new SubOperations(0, 4, 0, 0), result.counts());
        for (int i = 0; i < 4; i++) {
            FakeDestination.Received received = archive.destination.received.get(i);
            assertArrayEquals(DatasetWriter.toBytes(object(i + 1), EXPLICIT), received.toArray());
            assertEquals("", received.operation().moveOriginatorAeTitle());
        }
    }

    @Test
    void itIsConvertedIntoWhatTheRequestorTakes() throws Exception {
        TransferSyntax big = TransferSyntax.EXPLICIT_VR_BIG_ENDIAN;
        assertEquals(0, get(StockedArchive.CT, big).status().code());
        assertEquals(
                object(4),
                DatasetReader.read(archive.destination.received.get(3).toArray(), big));
    }

    @Test
    void aClassThatTheRequestorDoesNotTakeFailsWithItsUids() throws Exception {
        RetrieveResult result = get("1.2.840.10008.5.1.4.1.1.4", EXPLICIT);
        assertEquals(0xA702, result.status().code());
        assertEquals(new SubOperations(0, 0, 4, 0), result.counts());
        assertEquals(4, result.failedSopInstanceUids().size());
    }

    @Test
    void aCancelEndsItWithWhatRemains() throws Exception {
        requestor.cancels = () -> archive.destination.received.size() == 3;
        RetrieveResult result = get(StockedArchive.CT, EXPLICIT);
        assertEquals(0xFE00, result.status().code());
        assertEquals(new SubOperations(1, 3, 0, 0), result.counts());
    }

    @Test
    void aLostAssociationIsTheEnd() {
        archive.destination.loses = number -> number == 2;
        assertThrows(IOException.class, () -> get(StockedArchive.CT, EXPLICIT));
        assertEquals(1, archive.destination.received.size());
    }
}
