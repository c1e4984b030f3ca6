// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.time.Duration;
import org.dozo.dicom.DimseStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** H5: an object of 2 GiB through a heap of 512 MiB. */
@ExtendWith(SharedNode.class)
class LargeObjectIT {

    private static final long PIXEL_BYTES = 2L << 30;

    @Test
    void anObjectFourTimesTheHeapIsStored(DozoNode node) throws Exception {
        assumeTrue(Files.getFileStore(node.data()).getUsableSpace() > 4L << 30, "4 GiB of disk are needed");
        String uid = "2.25." + System.nanoTime();
        byte[] head = TestObject.bytes(TestObject.header(TestObject.CT, uid, uid + ".1", uid + ".1.1"));
        byte[] pixelData = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x7FE0)
                .putShort((short) 0x0010)
                .put(Pdus.ascii("OW"))
                .putShort((short) 0)
                .putInt((int) PIXEL_BYTES)
                .array();
        long start = System.nanoTime();
        try (Sender sender = Sender.open(node)) {
            DimseStatus status = sender.store(new TestObject(
                    TestObject.CT,
                    uid + ".1.1",
                    TestObject.EXPLICIT,
                    () -> new SequenceInputStream(
                            new ByteArrayInputStream(Pdus.join(head, pixelData)), new Ramp(PIXEL_BYTES))));
            assertEquals(DimseStatus.SUCCESS, status);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(node.isReady());
        Checker.check(node)
                .report("largeObject", "2 GiB in " + took.toSeconds() + " s", 0, 0, Duration.ZERO, 0)
                .assertClean();
    }

    /** Bytes that are not all the same, without keeping them. */
    private static final class Ramp extends InputStream {

        private long left;

        Ramp(long length) {
            left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? (int) (left >> 10 & 0xFF) : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(length, left);
            java.util.Arrays.fill(bytes, offset, offset + count, (byte) (left >> 10));
            left -= count;
            return count;
        }
    }
}
