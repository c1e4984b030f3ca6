// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.json.Json;
import jakarta.json.stream.JsonGenerator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.io.DicomJsonWriter;
import org.dozo.dicom.io.Patch;
import org.dozo.dicom.io.ScannedObject;
import org.dozo.index.Corrections;
import org.dozo.index.InstanceHeader;
import org.dozo.index.SeriesDocument;
import org.dozo.index.SeriesEdition;
import org.dozo.index.SeriesEditions;
import org.dozo.shared.Bytes;

/**
 * The metadata of a series as one document: made once for each edition of the series (as a rule before anybody asks,
 * {@link MetadataHandler}), kept gzipped in the database, and read in one piece. Asked for under another address than it was made for,
 * {@link BulkDataBase} rewrites it.
 */
@Singleton
public class SeriesDocuments {

    private static final Logger LOG = Logger.getLogger(SeriesDocuments.class.getName());

    private static final int MOST_KEPT_BYTES = 32 << 20;

    /** The address of a document that was made ahead. */
    private static final String UNASKED = "";

    private static final int BLOCK = 32 << 10;

    private final SeriesEditions editions;
    private final Corrections corrections;

    @Inject
    public SeriesDocuments(SeriesEditions editions, Corrections corrections) {
        this.editions = editions;
        this.corrections = corrections;
    }

    Optional<Metadata> metadata(String studyInstanceUid, Optional<String> seriesInstanceUid) throws SQLException {
        List<SeriesEdition> series = seriesInstanceUid.isPresent()
                ? editions.ofSeries(studyInstanceUid, seriesInstanceUid.get()).stream()
                        .toList()
                : editions.ofStudy(studyInstanceUid);
        return series.isEmpty() ? Optional.empty() : Optional.of(new Metadata(this, series));
    }

    /** Writes the items of the series' array, without its brackets. */
    void writeItems(SeriesEdition series, String base, OutputStream out) throws IOException, SQLException {
        if (series.instances() < SeriesDocument.KEPT_FROM) {
            ByteArrayOutputStream array = new ByteArrayOutputStream(BLOCK);
            writeArray(series, base, array);
            out.write(array.toByteArray(), 1, array.size() - 2);
            return;
        }
        SeriesDocument document = document(series, base);
        boolean elsewhere = !document.baseUri().equals(base);
        byte[] gzip = document.body().toArray();
        try (InputStream array = new GZIPInputStream(new ByteArrayInputStream(gzip), BLOCK)) {
            copyWithoutBrackets(array, elsewhere ? new BulkDataBase(out, document.baseUri(), base) : out);
        }
    }

    /** The whole array, if it is kept with that base. */
    Optional<Bytes> gzipped(SeriesEdition series, String base) throws IOException, SQLException {
        if (series.instances() < SeriesDocument.KEPT_FROM) {
            return Optional.empty();
        }
        SeriesDocument document = document(series, base);
        return document.baseUri().equals(base) ? Optional.of(document.body()) : Optional.empty();
    }

    /** Makes what will be asked for; under which address is not known yet. */
    void prepare(SeriesEdition series) throws IOException, SQLException {
        if (series.instances() >= SeriesDocument.KEPT_FROM
                && editions.document(series).isEmpty()) {
            make(series, UNASKED);
        }
    }

    private SeriesDocument document(SeriesEdition series, String base) throws IOException, SQLException {
        Optional<SeriesDocument> kept = editions.document(series);
        if (kept.isEmpty()) {
            return make(series, base);
        }
        return kept.get().baseUri().equals(UNASKED) ? addressed(series, kept.get(), base) : kept.get();
    }

    /** The first who asks gives a prepared document its address. */
    private SeriesDocument addressed(SeriesEdition series, SeriesDocument prepared, String base)
            throws IOException, SQLException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(prepared.body().length());
        try (InputStream array = new GZIPInputStream(
                        new ByteArrayInputStream(prepared.body().toArray()), BLOCK);
                OutputStream gzip = new FastGzip(body);
                OutputStream rewritten = new BulkDataBase(gzip, prepared.baseUri(), base)) {
            array.transferTo(rewritten);
        }
        SeriesDocument document = new SeriesDocument(base, Bytes.of(body.toByteArray()));
        keep(series, document);
        return document;
    }

    /** Makes the document and keeps it. */
    private SeriesDocument make(SeriesEdition series, String base) throws IOException, SQLException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(BLOCK);
        try (OutputStream gzip = new FastGzip(body)) {
            writeArray(series, base, gzip);
        }
        SeriesDocument document = new SeriesDocument(base, Bytes.of(body.toByteArray()));
        keep(series, document);
        return document;
    }

    private void keep(SeriesEdition series, SeriesDocument document) throws SQLException {
        // An object that came meanwhile may be in it already.
        Optional<SeriesEdition> now = editions.ofSeries(series.studyInstanceUid(), series.seriesInstanceUid());
        boolean same = now.isPresent() && now.get().edition().equals(series.edition());
        if (!same
                || document.body().length() > MOST_KEPT_BYTES
                || document.baseUri().length() > SeriesDocument.LONGEST_BASE) {
            return;
        }
        try {
            editions.keepDocument(series, document);
        } catch (SQLException e) {
            // Only the next reader's time is lost: a standby that is read from, a database that is short of room.
            LOG.log(Level.WARNING, "DOZO-RET-003 The metadata of a series could not be kept", e);
        }
    }

    private void writeArray(SeriesEdition series, String base, OutputStream out) throws IOException, SQLException {
        try (JsonGenerator json = Json.createGenerator(out)) {
            json.writeStartArray();
            forEach(
                    series,
                    (object, path) -> new DicomJsonWriter(
                                    json, value -> base + path + BulkDataPath.format(value.path()))
                            .write(object));
            json.writeEnd();
        }
    }

    /** Hands over every instance, corrected, with the path that comes between base and element in its BulkDataURIs. */
    void forEach(SeriesEdition series, Metadata.ObjectReader reader) throws IOException, SQLException {
        String base = "/studies/" + series.studyInstanceUid() + "/series/" + series.seriesInstanceUid() + "/instances/";
        editions.<IOException>headers(series.seriesId(), page -> {
            Map<Long, Dataset> patches = corrections.patchesFor(
                    page.stream().map(InstanceHeader::instanceId).toList());
            for (InstanceHeader header : page) {
                Dataset patch = patches.get(header.instanceId());
                ScannedObject object = header.decode();
                reader.read(
                        patch == null ? object : Patch.apply(object, patch),
                        base + header.sopInstanceUid() + "/bulkdata/");
            }
        });
    }

    private static void copyWithoutBrackets(InputStream array, OutputStream out) throws IOException {
        byte[] block = new byte[BLOCK];
        int from = 1;
        int held = array.readNBytes(block, 0, block.length);
        while (true) {
            byte[] next = new byte[BLOCK];
            int count = array.readNBytes(next, 0, next.length);
            if (count == 0) {
                out.write(block, from, held - 1 - from);
                return;
            }
            out.write(block, from, held - from);
            block = next;
            held = count;
            from = 0;
        }
    }

    private static final class FastGzip extends GZIPOutputStream {

        FastGzip(OutputStream out) throws IOException {
            super(out, BLOCK);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
