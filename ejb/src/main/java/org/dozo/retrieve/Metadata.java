// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.dozo.dicom.io.ScannedObject;
import org.dozo.index.SeriesEdition;
import org.dozo.shared.Bytes;

/** The metadata of all instances of some series, PS3.18 §10.4.1.1.2. */
public final class Metadata {

    private final SeriesDocuments documents;
    private final List<SeriesEdition> series;

    Metadata(SeriesDocuments documents, List<SeriesEdition> series) {
        this.documents = documents;
        this.series = List.copyOf(series);
    }

    /** Takes the instances one after the other. */
    @FunctionalInterface
    public interface ObjectReader {

        void read(ScannedObject object, String bulkDataPath) throws IOException;
    }

    /** Changes whenever what {@link #writeJson} writes does. */
    public String version() {
        StringBuilder version = new StringBuilder();
        series.forEach(each -> version.append(each.seriesId())
                .append(':')
                .append(each.edition())
                .append(' '));
        return version.toString();
    }

    /** When the newest of the objects came. */
    public Instant lastReceivedAt() {
        return series.stream()
                .map(SeriesEdition::lastReceivedAt)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    /**
     * Writes an array in the DICOM JSON Model, UTF-8.
     *
     * @param base put before {@code /studies/…} of every BulkDataURI
     */
    public void writeJson(OutputStream out, String base) throws IOException, SQLException {
        out.write('[');
        boolean first = true;
        for (SeriesEdition each : series) {
            if (!first) {
                out.write(',');
            }
            first = false;
            documents.writeItems(each, base, out);
        }
        out.write(']');
    }

    /**
     * What {@link #writeJson} writes, gzipped, if it is kept as it is: then it is one read.
     *
     * @param base as there
     */
    public Optional<Bytes> gzippedJson(String base) throws IOException, SQLException {
        return series.size() == 1 ? documents.gzipped(series.getFirst(), base) : Optional.empty();
    }

    /** Hands over every instance, corrected. */
    public void forEach(ObjectReader reader) throws IOException, SQLException {
        for (SeriesEdition each : series) {
            documents.forEach(each, reader);
        }
    }
}
