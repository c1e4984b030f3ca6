// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;

class DatasetStreamTest {

    private static final class Bytes implements OutsideValue.Piece {

        private final byte[] bytes;
        private final long length;

        Bytes(byte[] bytes, long length) {
            this.bytes = bytes;
            this.length = length;
        }

        static Bytes of(int... bytes) {
            byte[] copy = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                copy[i] = (byte) bytes[i];
            }
            return new Bytes(copy, copy.length);
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }
    }

    private static byte[] explicit(Dataset dataset) {
        return DatasetWriter.toBytes(dataset, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
    }

    @Test
    void outsideValuesStandInTheirPlaces() throws Exception {
        Dataset whole = Fixtures.image()
                .setBytes(0x0009_1001, VR.OB, new byte[] {1, 2, 3})
                .setBytes(Tag.PIXEL_DATA, VR.OW, new byte[] {5, 6, 7, 8})
                .setString(0xFFFA_FFF8, VR.LO, "behind");
        Dataset header = Fixtures.image().setString(0xFFFA_FFF8, VR.LO, "behind");
        header.remove(Tag.PIXEL_DATA);
        Map<Integer, OutsideValue> values = Map.of(
                Tag.PIXEL_DATA,
                new OutsideValue(VR.OW, false, List.of(Bytes.of(5, 6), Bytes.of(7, 8))),
                0x0009_1001,
                new OutsideValue(VR.OB, false, List.of(Bytes.of(1, 2, 3))));
        try (DatasetStream stream = new DatasetStream(header, values)) {
            assertArrayEquals(explicit(whole), stream.readAllBytes());
        }
    }

    @Test
    void framesBecomeFragments() throws Exception {
        Dataset whole = Fixtures.image();
        whole.set(Element.ofFragments(
                Tag.PIXEL_DATA, VR.OB, List.of(new byte[0], new byte[] {1, 2, 3, 0}, new byte[] {4, 5})));
        Dataset header = Fixtures.image();
        header.remove(Tag.PIXEL_DATA);
        OutsideValue frames = new OutsideValue(VR.OB, true, List.of(Bytes.of(1, 2, 3), Bytes.of(4, 5)));
        try (DatasetStream stream = new DatasetStream(header, Map.of(Tag.PIXEL_DATA, frames))) {
            assertArrayEquals(explicit(whole), stream.readAllBytes());
        }
    }

    @Test
    void whatNoLengthFieldHoldsIsRefused() {
        OutsideValue tooLong = new OutsideValue(VR.OW, false, List.of(new Bytes(new byte[0], 1L << 32)));
        assertThrows(
                DicomFormatException.class, () -> new DatasetStream(new Dataset(), Map.of(Tag.PIXEL_DATA, tooLong)));
        assertThrows(IllegalArgumentException.class, () -> new OutsideValue(VR.LO, false, List.of()));
    }
}
