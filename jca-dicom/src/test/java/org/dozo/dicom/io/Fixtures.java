// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;

/** Small objects that tests share. */
final class Fixtures {

    static final List<TransferSyntax> SYNTAXES = List.of(
            TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
            TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
            TransferSyntax.EXPLICIT_VR_BIG_ENDIAN,
            TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN);

    static final TransferSyntax JPEG =
            new TransferSyntax("1.2.840.10008.1.2.4.70", "JPEG Lossless", true, false, false, true);

    private Fixtures() {}

    /** Every kind of element that all native syntaxes can hold, nested three deep. */
    static Dataset image() {
        Dataset dataset = new Dataset()
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192")
                .setString(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3.4")
                .setString(Tag.PATIENT_NAME, VR.PN, "Yamada^Tarou=山田^太郎=やまだ^たろう")
                .setString(Tag.PATIENT_ID, VR.LO, "4711")
                .setString(Tag.IMAGE_TYPE, VR.CS, "ORIGINAL", "PRIMARY", "AXIAL")
                .setDoubles(Tag.PIXEL_SPACING, VR.DS, 0.5, 0.25)
                .setInts(Tag.ROWS, VR.US, 16)
                .setInts(Tag.COLUMNS, VR.US, 16)
                .setInts(Tag.BITS_ALLOCATED, VR.US, 16)
                .setBytes(Tag.PIXEL_DATA, VR.OW, new byte[512]);
        Dataset item = dataset.addItem(Tag.CONTENT_SEQUENCE);
        item.setString(Tag.VALUE_TYPE, VR.CS, "CONTAINER");
        item.addItem(Tag.CONTENT_SEQUENCE).addItem(Tag.CONTENT_SEQUENCE).setString(Tag.VALUE_TYPE, VR.CS, "NUM");
        dataset.addItem(Tag.CONTENT_SEQUENCE);
        return dataset;
    }

    static Dataset encapsulated() {
        Dataset dataset = image();
        dataset.set(Element.ofFragments(
                Tag.PIXEL_DATA, VR.OB, List.of(new byte[] {0, 0, 0, 0}, new byte[10], new byte[0], new byte[6])));
        return dataset;
    }

    static InputStream stream(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    /** A stream that gives one byte a read, as a slow network may. */
    static InputStream byteWise(byte[] bytes) {
        return new FilterInputStream(stream(bytes)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return super.read(into, offset, Math.min(1, length));
            }
        };
    }

    static ScannedObject scan(byte[] bytes, TransferSyntax syntax) throws IOException {
        return ObjectScanner.scan(stream(bytes), syntax, ParseLimits.DEFAULT);
    }
}
