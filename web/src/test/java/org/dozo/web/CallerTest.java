// SPDX-License-Identifier: Apache-2.0
package org.dozo.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import java.util.Properties;
import org.dozo.access.Balancers;
import org.dozo.dicom.NodeProperties;
import org.junit.jupiter.api.Test;

class CallerTest {

    private static final InetAddress BALANCER = InetAddress.ofLiteral("127.0.0.2");
    private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("192.0.2.7");

    @Test
    void aCallerThroughABalancerIsWhoTheBalancerSays() {
        assertEquals(ELSEWHERE, of(BALANCER, "192.0.2.7", null).address());
        assertFalse(of(BALANCER, "192.0.2.7", null).isOnThisMachine());
        assertTrue(of(BALANCER, "127.0.0.1", null).isOnThisMachine());
        assertEquals("https", of(BALANCER, "192.0.2.7", "https").scheme());
    }

    @Test
    void nobodyElseIsBelieved() {
        Caller liar = of(ELSEWHERE, "127.0.0.1", "https");
        assertEquals(ELSEWHERE, liar.address());
        assertFalse(liar.isOnThisMachine());
        assertNull(liar.scheme());
    }

    @Test
    void whatACallerSaysToTheBalancerIsHearsay() {
        assertEquals(ELSEWHERE, of(BALANCER, "127.0.0.1, 192.0.2.7", null).address());
    }

    @Test
    void aBalancerThatDoesNotSayWhoCallsIsNotTakenForThisMachine() {
        for (String said : List.of("", "localhost", "unknown", "127.0.0.1,", "127.0.0.1:8080")) {
            assertFalse(of(BALANCER, said, null).isOnThisMachine(), said);
            assertNull(of(BALANCER, said, null).address(), said);
        }
        assertFalse(of(BALANCER, null, null).isOnThisMachine());
    }

    private static Caller of(InetAddress connected, String forwardedFor, String forwardedProto) {
        Properties properties = new Properties();
        properties.setProperty("http.forwarded-from", "127.0.0.2");
        return Caller.of(connected, forwardedFor, forwardedProto, Balancers.from(new NodeProperties(properties)));
    }
}
