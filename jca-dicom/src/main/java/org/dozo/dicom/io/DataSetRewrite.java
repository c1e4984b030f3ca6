// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.io.RewritePlan.Segment;

/**
 * An object's data set as it was not kept: in another of the uncompressed transfer syntaxes, with a corrected header, or both. The
 * header is written anew, bulk values flow out of the kept data set; memory does not grow with them. Immutable.
 *
 * <p>Group Lengths and trailing padding are left out, sequences get undefined lengths, values of odd length are padded.
 */
public final class DataSetRewrite {

    private final TransferSyntax from;
    private final TransferSyntax to;
    private final List<Segment> segments;

    private DataSetRewrite(TransferSyntax from, TransferSyntax to, List<Segment> segments) {
        this.from = from;
        this.to = to;
        this.segments = segments;
    }

    /**
     * Lays the object out.
     *
     * @param object with the header as it is to be written, see {@link Patch}
     * @throws DicomFormatException if it can't be: its pixels are compressed and {@code to} is another syntax, or a value does not fit
     */
    public static DataSetRewrite of(ScannedObject object, TransferSyntax to) throws DicomFormatException {
        TransferSyntax from = object.syntax();
        if (!from.equals(to)) {
            if (to.encapsulated()) {
                throw new DicomFormatException("Objects are not compressed on the way out, into " + to.name());
            }
            requireNative(object, to);
        }
        return new DataSetRewrite(from, to, RewritePlan.of(object, Encoding.of(to)));
    }

    private static void requireNative(ScannedObject object, TransferSyntax to) throws DicomFormatException {
        boolean fragments = object.bulkValues().stream().anyMatch(value -> value.fragments() != null);
        if (fragments || hasFragments(object.header())) {
            throw new DicomFormatException(
                    "Pixel data in " + object.syntax().name() + " can't be decompressed into " + to.name());
        }
    }

    private static boolean hasFragments(Dataset dataset) {
        for (Element element : dataset) {
            if (element.isEncapsulated() || element.items().stream().anyMatch(DataSetRewrite::hasFragments)) {
                return true;
            }
        }
        return false;
    }

    /** How many bytes it will have; -1 if that shows at the end only, as it is deflated. */
    public long length() {
        return to.deflated() ? -1 : segments.stream().mapToLong(Segment::length).sum();
    }

    public TransferSyntax syntax() {
        return to;
    }

    /**
     * The data set anew, while the kept one is read.
     *
     * @param kept the kept data set from its first byte on; is read in order, not necessarily to its end, and closed with the result
     */
    public InputStream open(InputStream kept, ParseLimits limits) {
        InputStream plain = from.deflated() ? new Inflating(new InflatedStream(kept, limits), kept) : kept;
        InputStream rewritten = new RewrittenStream(segments, plain);
        return to.deflated() ? new EvenDeflatedStream(rewritten) : rewritten;
    }

    /** Closes what is below the inflater, too. */
    private static final class Inflating extends FilterInputStream {

        private final InputStream source;

        Inflating(InflatedStream inflated, InputStream source) {
            super(inflated);
            this.source = source;
        }

        @Override
        public void close() throws IOException {
            try (source) {
                super.close();
            }
        }
    }
}
