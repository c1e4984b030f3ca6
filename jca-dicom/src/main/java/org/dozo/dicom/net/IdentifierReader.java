// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;
import java.io.InputStream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.io.DatasetReader;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.DicomLimitException;
import org.dozo.dicom.io.ParseLimits;

/** Reads the identifiers of queries and retrievals, PS3.4 §C.4, into memory: small data sets, of strangers. */
public final class IdentifierReader {

    /** Keys within sequences within sequences; the standard's own go to 3. */
    private static final int NESTING = 16;
    /** Lists of UIDs are one element each; the whole dictionary asked for has 5,000. Each costs about 100 bytes of heap. */
    private static final int ELEMENTS = 20_000;

    private static final String SETTINGS =
            "dicom.max-identifier (dicom.outbound.max-identifier for answers to this node)";

    private final int maxLength;
    private final String setting;
    private final ParseLimits limits;

    /** @param maxLength the longest identifier taken, in bytes */
    public IdentifierReader(int maxLength) {
        this(maxLength, ELEMENTS, SETTINGS);
    }

    /** @param setting the key in dozo.properties that raises the limit */
    IdentifierReader(int maxLength, int elements, String setting) {
        this.maxLength = maxLength;
        this.setting = setting;
        // A declared length is held against the limit before a byte of it is read.
        limits = new ParseLimits(NESTING, maxLength, elements, maxLength, 1, 0);
    }

    /**
     * Reads to the end of the stream.
     *
     * @throws DicomFormatException if it is malformed
     * @throws DicomLimitException if it is longer, deeper or has more elements than is taken
     * @throws IOException of the stream
     */
    public Dataset read(InputStream in, String transferSyntaxUid) throws IOException {
        TransferSyntax syntax = TransferSyntaxes.of(transferSyntaxUid);
        if (syntax == null) {
            throw new IllegalArgumentException(transferSyntaxUid + " is no transfer syntax that identifiers come in");
        }
        return DatasetReader.read(new Bounded(in, maxLength, setting), syntax, limits);
    }

    /** Fails instead of giving more bytes than the limit. */
    private static final class Bounded extends InputStream {

        private final InputStream in;
        private final int limit;
        private final String setting;
        private long taken;

        Bounded(InputStream in, int limit, String setting) {
            this.in = in;
            this.limit = limit;
            this.setting = setting;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            taken += Math.max(count, 0);
            if (taken > limit) {
                throw new DicomLimitException("The identifier", limit, setting);
            }
            return count;
        }
    }
}
