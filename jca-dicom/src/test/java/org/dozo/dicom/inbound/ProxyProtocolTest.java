// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import static org.dozo.dicom.net.Pdus.join;
import static org.dozo.dicom.net.Pdus.usualRequest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.dozo.dicom.net.ScriptedPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A balancer's word about the caller is taken from balancers only, always, and within bounds. */
class ProxyProtocolTest {

    private static final int ACCEPTED = 2;
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    /** From 192.0.2.7, port 1025. */
    private static final byte[] TCP4 = header("21 11 000c c0000207 c0000201 0401 2b68");

    private ListenerFixture fixture;

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    @Test
    void theCallerIsWhoTheBalancerSays() throws Exception {
        behindABalancer();
        assertEquals(ACCEPTED, answerTo(TCP4));
        assertEquals("192.0.2.7", lastCaller());
        assertEquals(
                ACCEPTED,
                answerTo(header(
                        "21 21 0024 20010db8000000000000000000000007 20010db8000000000000000000000001 0401 2b68")));
        assertEquals("2001:db8:0:0:0:0:0:7", lastCaller());
    }

    @Test
    void whatABalancerAddsIsPassedOver() throws Exception {
        behindABalancer();
        assertEquals(ACCEPTED, answerTo(header("21 11 0013 c0000207 c0000201 0401 2b68 04 0004 00000000")));
        assertEquals("192.0.2.7", lastCaller());
    }

    @Test
    void aBalancerThatCallsForItselfIsItself() throws Exception {
        behindABalancer();
        assertEquals(ACCEPTED, answerTo(header("20 00 0000")));
        assertEquals("127.0.0.1", lastCaller());
    }

    @Test
    void aBalancerMustSayWhoCalls() throws Exception {
        behindABalancer();
        assertNotEquals(ACCEPTED, answerTo(new byte[0]));
        assertTrue(fixture.archive.admitted.isEmpty());
    }

    @Test
    void nobodyElseIsBelieved() throws Exception {
        fixture = ListenerFixture.with("dicom.proxy-protocol.from", "192.0.2.0/24");
        assertNotEquals(ACCEPTED, answerTo(TCP4));
        assertTrue(fixture.archive.admitted.isEmpty());
        assertEquals(ACCEPTED, answerTo(new byte[0]));
        assertEquals("127.0.0.1", lastCaller());
    }

    @Test
    void malformedHeadersAreRefused() throws Exception {
        behindABalancer();
        for (byte[] header : List.of(
                header("21 11 0004 c0000207"),
                header("21 21 000c c0000207 c0000201 0401 2b68"),
                header("21 00 0000"),
                header("21 12 000c c0000207 c0000201 0401 2b68"),
                header("21 31 000c c0000207 c0000201 0401 2b68"),
                header("11 11 000c c0000207 c0000201 0401 2b68"),
                header("22 11 000c c0000207 c0000201 0401 2b68"),
                join(new byte[12], Arrays.copyOfRange(TCP4, 12, TCP4.length)),
                join(header("21 11 ffff"), new byte[65535]),
                join(header("20 00 0401"), new byte[0x401]),
                "PROXY TCP4 192.0.2.7 192.0.2.1 1025 11112\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
            assertNotEquals(ACCEPTED, answerTo(header), HexFormat.of().formatHex(Arrays.copyOf(header, 28)));
        }
        assertTrue(fixture.archive.admitted.isEmpty());
    }

    @Test
    void headerAndRequestHaveOneTimeTogether() throws Exception {
        fixture = ListenerFixture.with("dicom.proxy-protocol.from", "127.0.0.1", "dicom.artim", "1 s");
        long begun = System.nanoTime();
        try (ScriptedPeer slow = fixture.connect()) {
            LockSupport.parkNanos(700_000_000);
            slow.send(TCP4);
            assertTrue(slow.endsWithin(Duration.ofSeconds(5)));
        }
        assertTrue(System.nanoTime() - begun < 1_500_000_000L, "it was given twice the time");
    }

    private void behindABalancer() throws Exception {
        fixture = ListenerFixture.with("dicom.proxy-protocol.from", "127.0.0.0/8");
    }

    private int answerTo(byte[] header) throws Exception {
        try (ScriptedPeer peer = fixture.connect()) {
            return peer.send(header, usualRequest()).receiveType();
        }
    }

    private String lastCaller() {
        return fixture.archive.admitted.getLast().remoteAddress().getHostAddress();
    }

    private static byte[] header(String rest) {
        return HexFormat.of().parseHex(SIGNATURE + rest.replace(" ", ""));
    }
}
