// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.dozo.access.DestinationSettings;
import org.dozo.index.Corrections;
import org.dozo.index.SeriesEdition;
import org.dozo.index.SeriesEditions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesDocumentsIT {

    private static final String HERE = "http://here.example/dicomweb";

    @TempDir
    private Path volumes;

    @Test
    void whatWasPreparedTakesTheAddressOfItsFirstReader() throws Exception {
        try (StockedArchive archive =
                new StockedArchive(volumes, DestinationSettings.DEFAULT).with(SeriesDocumentsIT.OBJECTS)) {
            SeriesEditions editions = new SeriesEditions(archive.database);
            SeriesDocuments documents = new SeriesDocuments(editions, new Corrections(archive.database));
            SeriesEdition series = editions.ofSeries("1.2.1", "1.2.2").orElseThrow();
            String unprepared = json(documents, "http://elsewhere.example");
            archive.database.transaction(
                    connection -> connection.createStatement().executeUpdate("DELETE FROM series_metadata"));

            documents.prepare(series);
            assertEquals("", editions.document(series).orElseThrow().baseUri());
            String prepared = json(documents, HERE);

            assertEquals(unprepared.replace("http://elsewhere.example", HERE), prepared);
            assertTrue(prepared.contains("\"BulkDataURI\":\"" + HERE + "/studies/1.2.1/series/1.2.2/instances/"));
            assertEquals(HERE, editions.document(series).orElseThrow().baseUri());
            documents.prepare(series);
            assertEquals(HERE, editions.document(series).orElseThrow().baseUri(), "it is whole: not made anew");
        }
    }

    private static final int OBJECTS = 20;

    private static String json(SeriesDocuments documents, String base) throws Exception {
        Metadata metadata = documents.metadata("1.2.1", Optional.of("1.2.2")).orElseThrow();
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        metadata.writeJson(plain, base);
        byte[] gzipped = metadata.gzippedJson(base).orElseThrow().toArray();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzipped))) {
            assertEquals(plain.toString(StandardCharsets.UTF_8), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        return plain.toString(StandardCharsets.UTF_8);
    }
}
