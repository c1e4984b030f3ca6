// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import static org.dozo.dicom.net.Pdus.ascii;
import static org.dozo.dicom.net.Pdus.bytes;
import static org.dozo.dicom.net.Pdus.context;
import static org.dozo.dicom.net.Pdus.counted;
import static org.dozo.dicom.net.Pdus.int16;
import static org.dozo.dicom.net.Pdus.item;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PS3.8 §9.3.2 and §9.3.3, PS3.7 §D.3.3: every item is read, and written as it was read. */
class AssociatePduTest {

    private static final byte[] REQUEST = Pdus.associateRequest(
            context(1, Pdus.CT, Pdus.EXPLICIT, Pdus.IMPLICIT),
            item(
                    0x50,
                    item(0x51, Pdus.int32(0xFFFF_FFFFL)),
                    item(0x52, ascii("1.2.3")),
                    item(0x53, int16(3), int16(4)),
                    item(0x54, counted(Pdus.CT), bytes(1, 0)),
                    item(0x55, ascii("VERSION")),
                    item(0x56, counted(Pdus.CT), bytes(2, 0)),
                    item(0x57, counted(Pdus.CT), counted("1.2.840.10008.4.2"), int16(5), counted("1.2")),
                    item(0x58, bytes(2, 1), counted("anna"), counted("secret"))));

    private static byte[] body(byte[] pdu) {
        return Arrays.copyOfRange(pdu, 6, pdu.length);
    }

    @Test
    void everyItemOfARequestIsRead() throws Exception {
        AssociateRequest request = AssociateReader.request(body(REQUEST));
        assertEquals("DOZO", request.calledAeTitle());
        assertEquals("SCRIPT", request.callingAeTitle());
        assertEquals(AssociateRequest.DICOM_APPLICATION_CONTEXT, request.applicationContextName());
        assertEquals(
                List.of(new ProposedPresentationContext(1, Pdus.CT, List.of(Pdus.EXPLICIT, Pdus.IMPLICIT))),
                request.contexts());
        UserInformation user = request.userInformation();
        assertEquals(0xFFFF_FFFFL, user.maxLength());
        assertEquals("1.2.3", user.implementationClassUid());
        assertEquals("VERSION", user.implementationVersionName());
        assertEquals(new AsynchronousOperationsWindow(3, 4), user.window());
        assertEquals(List.of(new RoleSelection(Pdus.CT, true, false)), user.roles());
        assertArrayEquals(bytes(2, 0), user.extended().getFirst().applicationInformation());
        assertEquals(
                List.of(new CommonExtendedNegotiation(Pdus.CT, "1.2.840.10008.4.2", List.of("1.2"))),
                user.commonExtended());
        UserIdentity identity = user.userIdentity();
        assertEquals(2, identity.type());
        assertArrayEquals(ascii("anna"), identity.primary());
        assertEquals("UserIdentity of type 2", identity.toString());
    }

    @Test
    void aRequestIsWrittenAsItWasRead() throws Exception {
        AssociateRequest request = AssociateReader.request(body(REQUEST));
        byte[] written = AssociateWriter.request(request);
        AssociateRequest again = AssociateReader.request(body(written));
        assertEquals(request.contexts(), again.contexts());
        assertEquals(request.userInformation().roles(), again.userInformation().roles());
        assertEquals(request.userInformation().window(), again.userInformation().window());
        assertEquals(
                REQUEST.length
                        - item(0x57, counted(Pdus.CT), counted("1.2.840.10008.4.2"), int16(5), counted("1.2")).length,
                written.length);
    }

    @Test
    void aRequestCutAnywhereIsRefusedNotMisread() {
        byte[] body = body(REQUEST);
        byte[] onlyContexts = body(Pdus.associateRequest(context(1, Pdus.CT, Pdus.EXPLICIT, Pdus.IMPLICIT)));
        for (int length = 0; length < body.length; length++) {
            byte[] cut = Arrays.copyOf(body, length);
            if (length != onlyContexts.length) {
                assertThrows(ProtocolViolationException.class, () -> AssociateReader.request(cut), "cut at " + length);
            }
        }
    }
}
