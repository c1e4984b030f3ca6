// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.data.TransferSyntax;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** G1 to G3, G5 to G8 of the acceptance list, against a deployed node, while others go on. */
@ExtendWith(SharedNode.class)
class HostileNetworkIT {

    private static final int MALFORMED = 10_000;
    private static final int AT_ONCE = 16;
    private static final int SLOW_SOCKETS = 400;
    private static final Duration END = Duration.ofSeconds(2);
    private static final String DEFLATED = TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN.uid();

    @Test
    void malformedPdusEndTheirConnection(DozoNode node) throws Exception {
        long seed = System.nanoTime();
        Semaphore places = new Semaphore(AT_ONCE);
        List<Future<String>> ends = new ArrayList<>();
        try (EchoProbe _ = EchoProbe.start(node);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < MALFORMED; i++) {
                Random random = new Random(seed + i);
                places.acquire();
                ends.add(threads.submit(() -> {
                    try {
                        return sendMalformed(node, random);
                    } finally {
                        places.release();
                    }
                }));
            }
        }
        List<String> late = new ArrayList<>();
        for (Future<String> end : ends) {
            if (!end.get().isEmpty()) {
                late.add(end.get());
            }
        }
        assertEquals(List.of(), late, "seed " + seed);
        finish(node, "malformedPdus", MALFORMED, seed);
    }

    /** What was sent, if the node did not end it in time. */
    private static String sendMalformed(DozoNode node, Random random) throws IOException {
        try (RawPeer peer = new RawPeer(node)) {
            int kind = random.nextInt(6);
            byte[] noise = new byte[random.nextInt(1, 200)];
            random.nextBytes(noise);
            if (kind >= 3) {
                peer.send(Pdus.associate());
                if (peer.receive() != 2) {
                    return "an association was not accepted";
                }
            }
            peer.send(
                    switch (kind) {
                        case 0 -> Pdus.pdu(random.nextInt(8, 256), noise);
                        case 1 -> Pdus.pdu(1, noise);
                        case 2 -> Pdus.pdu(random.nextInt(2, 7), noise);
                        case 3 -> Pdus.pdu(4, lyingFragment(noise, random));
                        case 4 -> Pdus.associate();
                        default ->
                            Pdus.pdu(
                                    4,
                                    Pdus.join(
                                            ByteBuffer.allocate(6)
                                                    .putInt(noise.length + 2)
                                                    .put((byte) 1)
                                                    .put((byte) 3)
                                                    .array(),
                                            noise));
                    });
            if (kind == 5) {
                // Noise as a command may look like the beginning of one.
                peer.endOutput();
            }
            return peer.isEndedWithin(END) ? "" : "kind " + kind;
        }
    }

    private static byte[] lyingFragment(byte[] noise, Random random) {
        int lie = random.nextBoolean() ? random.nextInt(-1000, 2) : noise.length + random.nextInt(1000, 1_000_000);
        return Pdus.join(
                ByteBuffer.allocate(6).putInt(lie).put((byte) 1).put((byte) 3).array(), noise);
    }

    @Test
    void lengthsAndContextsWithoutMeasureAreRefused(DozoNode node) throws Exception {
        ByteArrayOutputStream contexts = new ByteArrayOutputStream();
        for (int i = 0; i < 65_535; i++) {
            contexts.writeBytes(Pdus.context(i, TestObject.CT, TestObject.EXPLICIT));
        }
        List<byte[]> requests = List.of(
                Pdus.associate("DOZO", "HOSTILE", contexts.toByteArray()),
                Pdus.pdu(1, 0xFFFFFFFFL, new byte[100]),
                Pdus.pdu(1, 0x80000000L, new byte[100]),
                Pdus.pdu(1, 0x7FFFFFFFL, new byte[100]),
                Pdus.join(Pdus.associate(), Pdus.pdu(4, 0xFFFFFFFFL, new byte[100])),
                Pdus.join(Pdus.associate(), Pdus.pdu(4, 0, new byte[0])));
        try (EchoProbe _ = EchoProbe.start(node)) {
            for (byte[] request : requests) {
                try (RawPeer peer = new RawPeer(node)) {
                    peer.send(request);
                    assertTrue(peer.isEndedWithin(END), "request " + requests.indexOf(request));
                }
            }
        }
        finish(node, "lengthsAndContexts", requests.size(), 0);
    }

    @Test
    void slowSocketsDelayNobodyAndAreClosed(DozoNode node) throws Exception {
        List<RawPeer> peers = new ArrayList<>();
        try (EchoProbe _ = EchoProbe.start(node)) {
            for (int i = 0; i < SLOW_SOCKETS; i++) {
                RawPeer peer = new RawPeer(node);
                peer.send(new byte[] {1});
                peers.add(peer);
            }
            for (RawPeer peer : peers) {
                assertTrue(peer.isEndedWithin(Duration.ofSeconds(15)), "the time of ARTIM is over");
            }
        } finally {
            for (RawPeer peer : peers) {
                peer.close();
            }
        }
        finish(node, "slowSockets", SLOW_SOCKETS, 0);
    }

    @Test
    void traversingUidsAndTitlesTouchNothing(DozoNode node) throws Exception {
        List<String> wrong = new ArrayList<>();
        long rows = node.count("SELECT count(*) FROM instance");
        try (EchoProbe _ = EchoProbe.start(node)) {
            for (int i = 0; i < 250; i++) {
                String uid = traversal(i);
                try (Sender sender = Sender.open(node)) {
                    DimseStatus status = sender.store(TestObject.of(
                            TestObject.CT,
                            uid,
                            TestObject.EXPLICIT,
                            TestObject.bytes(TestObject.header(TestObject.CT, "2.25.1", "2.25.1.1", uid))));
                    if (status.isDone()) {
                        wrong.add(uid);
                    }
                }
                try (RawPeer peer = new RawPeer(node)) {
                    peer.send(Pdus.associate("DOZO", uid, Pdus.context(1, TestObject.CT, TestObject.EXPLICIT)));
                    peer.send(Pdus.pdu(5, new byte[4]));
                    peer.endOutput();
                    assertTrue(peer.isEndedWithin(END), "title " + uid);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertEquals(rows, node.count("SELECT count(*) FROM instance"));
        for (String name : List.of("evil", "passwd", "pwned")) {
            assertTrue(Files.notExists(Path.of("/tmp", name)));
        }
        for (Path volume : node.volumes().values()) {
            try (var files = Files.walk(volume)) {
                files.filter(Files::isRegularFile)
                        .forEach(file -> assertTrue(
                                volume.relativize(file)
                                        .toString()
                                        .matches(
                                                "\\.dozo-volume|\\d{4}/\\d\\d/\\d\\d/[0-9a-f]+/[0-9a-f]+\\.dcm|staging/probe-.*"),
                                file.toString()));
            }
        }
        finish(node, "traversal", 500, 0);
    }

    private static String traversal(int number) {
        String[] shapes = {
            "../../../tmp/evil",
            "..\\..\\evil",
            "/etc/passwd",
            "1.2.3/../../evil",
            "1.2\0/../evil",
            "....//evil",
            "%2e%2e/evil",
            "C:\\evil",
            "$(touch /tmp/pwned)",
            "1.2.3;rm -rf",
            "..",
            ".",
            "~/evil",
            "1..2",
            "file:///tmp/evil",
            "|id>/tmp/pwned",
        };
        return shapes[number % shapes.length] + number;
    }

    @Test
    void deepNestingAndGreatLengthsAreRefused(DozoNode node) throws Exception {
        List<String> wrong = new ArrayList<>();
        int number = 0;
        try (EchoProbe _ = EchoProbe.start(node)) {
            for (int depth : List.of(65, 100, 1000, 100_000)) {
                for (boolean defined : List.of(true, false)) {
                    expectRefusal(node, ++number, nested(depth, defined), TestObject.EXPLICIT, wrong);
                }
            }
            for (String vr : List.of("OB", "UN", "SQ", "UT", "OW")) {
                for (long length : List.of(0xFFFFFFFEL, 0x80000000L, 0x7FFFFFFEL)) {
                    expectRefusal(node, ++number, lying(vr, length), TestObject.EXPLICIT, wrong);
                }
            }
        }
        assertEquals(List.of(), wrong);
        finish(node, "nestingAndLengths", number, 0);
    }

    @Test
    void deflateBombsAreRefused(DozoNode node) throws Exception {
        List<String> wrong = new ArrayList<>();
        try (EchoProbe _ = EchoProbe.start(node)) {
            expectRefusal(node, 1001, bomb("OW", 512L << 20), DEFLATED, wrong);
            expectRefusal(node, 1002, bomb("UT", 128L << 20), DEFLATED, wrong);
            expectRefusal(node, 1003, new byte[100_000], DEFLATED, wrong);
        }
        assertEquals(List.of(), wrong);
        finish(node, "deflateBombs", 3, 0);
    }

    private static void expectRefusal(DozoNode node, int number, byte[] tail, String syntax, List<String> wrong)
            throws IOException {
        String uid = uid(number);
        byte[] dataSet = syntax.equals(DEFLATED) ? tail : Pdus.join(head(uid), tail);
        ProposedContext context = new ProposedContext(TestObject.CT, List.of(syntax));
        try (Sender sender = Sender.open(node, "HOSTILE", List.of(context))) {
            DimseStatus status = sender.store(TestObject.of(TestObject.CT, uid, syntax, dataSet));
            if (status.code() != 0xC000) {
                wrong.add(number + ": " + status);
            }
        }
    }

    private static String uid(int number) {
        return "2.25.668." + number;
    }

    private static byte[] head(String uid) {
        return TestObject.bytes(TestObject.header(TestObject.CT, "2.25.668", "2.25.668.0", uid));
    }

    private static byte[] nested(int depth, boolean defined) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < depth; i++) {
            int left = (depth - i) * 20 - 12;
            bytes.writeBytes(element(0x0040, 0xA730, "SQ", defined ? left : 0xFFFFFFFFL));
            bytes.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putShort((short) 0xFFFE)
                    .putShort((short) 0xE000)
                    .putInt(defined ? left - 8 : -1)
                    .array());
        }
        return bytes.toByteArray();
    }

    private static byte[] lying(String vr, long length) {
        return Pdus.join(element(0x0041, 0x1010, vr, length), new byte[1000]);
    }

    private static byte[] element(int group, int element, String vr, long length) {
        return ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) group)
                .putShort((short) element)
                .put(Pdus.ascii(vr))
                .putShort((short) 0)
                .putInt((int) length)
                .array();
    }

    private static byte[] bomb(String vr, long length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater, 1 << 16)) {
            out.write(head(uid(vr.equals("OW") ? 1001 : 1002)));
            out.write(vr.equals("OW") ? element(0x7FE0, 0x0010, vr, length) : element(0x0041, 0x1010, vr, length));
            byte[] zeros = new byte[1 << 16];
            for (long left = length; left > 0; left -= zeros.length) {
                out.write(zeros);
            }
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private static void finish(DozoNode node, String test, int badInputs, long seed) throws Exception {
        HostileFilesIT.assertNothingHeld(node);
        Map<String, Object> status = node.status();
        assertEquals(true, status.get("ready"));
        Checker.check(node)
                .report(test, "an echo every 100 ms", 0, badInputs, Duration.ZERO, seed)
                .assertClean();
    }
}
