// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;

/**
 * Reads an object's data set once, from its first byte to the end of the stream, and verifies its whole structure. Pixel data and
 * long values are passed over; memory grows with the header only, within the limits.
 */
public final class ObjectScanner {

    private ObjectScanner() {}

    /**
     * @param in is read to its end in blocks of at most 64 KiB, and not closed
     * @throws DicomFormatException if it is malformed or ends too early
     * @throws DicomLimitException if it asks for more than the limits grant
     * @throws IOException as {@code in} threw it
     */
    public static ScannedObject scan(InputStream in, TransferSyntax syntax, ParseLimits limits) throws IOException {
        if (!syntax.deflated()) {
            return scan(new ReadAhead(in), syntax, new Budget(limits));
        }
        try (InflatedStream inflated = new InflatedStream(in, limits)) {
            Budget budget = new Budget(limits);
            ScannedObject object = scan(new ReadAhead(inflated), syntax, budget);
            if (inflated.zlibWrapped()) {
                budget.found(Finding.Kind.ZLIB_WRAPPED, 0);
            }
            if (inflated.trailer() > 1) {
                budget.found(Finding.Kind.DEFLATED_TRAILER, 0);
            }
            return new ScannedObject(syntax, object.header(), object.bulkValues(), budget.findings(), object.length());
        }
    }

    private static ScannedObject scan(ReadAhead source, TransferSyntax syntax, Budget budget) throws IOException {
        BulkCollector bulk = new BulkCollector(budget.limits().keptValueBytes());
        Dataset header = new DatasetReader(source, Encoding.of(syntax), budget, new ArrayList<>(), bulk).read();
        if (header.isEmpty() && bulk.size() == 0) {
            throw new DicomFormatException("The data set has no element (PS3.5 §7)");
        }
        for (BulkValue value : bulk.values()) {
            comparePixelDataWith(syntax, value, budget);
        }
        return new ScannedObject(syntax, header, bulk.values(), budget.findings(), source.position());
    }

    private static void comparePixelDataWith(TransferSyntax syntax, BulkValue value, Budget budget) {
        boolean pixelData =
                value.path().tag() == Tag.PIXEL_DATA && value.path().items().isEmpty();
        if (pixelData && syntax.encapsulated() != (value.fragments() != null)) {
            Finding.Kind kind = syntax.encapsulated()
                    ? Finding.Kind.NATIVE_IN_ENCAPSULATED_SYNTAX
                    : Finding.Kind.ENCAPSULATED_IN_NATIVE_SYNTAX;
            budget.found(kind, Tag.PIXEL_DATA);
        }
    }
}
