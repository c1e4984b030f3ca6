// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import static org.dozo.dicom.net.Pdus.CT;
import static org.dozo.dicom.net.Pdus.EXPLICIT;
import static org.dozo.dicom.net.Pdus.IMPLICIT;
import static org.dozo.dicom.net.Pdus.VERIFICATION;
import static org.dozo.dicom.net.Pdus.ascii;
import static org.dozo.dicom.net.Pdus.bytes;
import static org.dozo.dicom.net.Pdus.command;
import static org.dozo.dicom.net.Pdus.context;
import static org.dozo.dicom.net.Pdus.counted;
import static org.dozo.dicom.net.Pdus.element;
import static org.dozo.dicom.net.Pdus.fragment;
import static org.dozo.dicom.net.Pdus.item;
import static org.dozo.dicom.net.Pdus.join;
import static org.dozo.dicom.net.Pdus.pData;
import static org.dozo.dicom.net.Pdus.us;
import static org.dozo.dicom.net.Pdus.userInformation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetReader;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.net.Pdus;
import org.dozo.dicom.net.ScriptedPeer;

/** A scripted SCU of Query/Retrieve: its requests as bytes, and what comes back, message by message. */
final class QueryPeer {

    static final String FIND = "1.2.840.10008.5.1.4.1.2.2.1";
    static final String MOVE = "1.2.840.10008.5.1.4.1.2.2.2";
    static final String GET = "1.2.840.10008.5.1.4.1.2.2.3";
    static final int ECHO_CONTEXT = 1;
    static final int CT_CONTEXT = 3;
    static final int FIND_CONTEXT = 5;
    static final int MOVE_CONTEXT = 7;
    static final int GET_CONTEXT = 9;

    private static final TransferSyntax SYNTAX = TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN;

    private final ScriptedPeer peer;

    /** The peer's command, and the data set behind it; empty if there is none. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Message(byte[] pdu, byte[] dataSet) {

        int field() {
            return us(pdu, 0x0100);
        }

        int status() {
            return Pdus.status(pdu);
        }

        int value(int element) {
            return us(pdu, element);
        }

        Dataset identifier() throws IOException {
            return DatasetReader.read(dataSet, SYNTAX);
        }
    }

    QueryPeer(ScriptedPeer peer) {
        this.peer = peer;
    }

    /** Associates: all services in implicit little endian, and CT to be taken as SCP in explicit. */
    static QueryPeer associated(ListenerFixture fixture) throws IOException {
        ScriptedPeer peer = fixture.connect();
        peer.send(Pdus.associateRequest(
                context(ECHO_CONTEXT, VERIFICATION, IMPLICIT),
                context(CT_CONTEXT, CT, EXPLICIT),
                context(FIND_CONTEXT, FIND, IMPLICIT),
                context(MOVE_CONTEXT, MOVE, IMPLICIT),
                context(GET_CONTEXT, GET, IMPLICIT),
                userInformation(
                        16384,
                        item(0x54, counted(CT), bytes(0, 1)),
                        item(0x56, counted(FIND), bytes(1, 0, 1, 0, 1)),
                        item(0x56, counted(GET), bytes(1, 1)))));
        if (peer.receiveType() != 2) {
            throw new AssertionError("not associated");
        }
        return new QueryPeer(peer);
    }

    ScriptedPeer wire() {
        return peer;
    }

    static Dataset studyKeys() {
        Dataset keys = new Dataset();
        keys.setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, "STUDY");
        keys.setString(Tag.STUDY_INSTANCE_UID, VR.UI);
        return keys;
    }

    static byte[] encoded(Dataset dataset) {
        return DatasetWriter.toBytes(dataset, SYNTAX);
    }

    static byte[] request(int field, int messageId, String sopClass) {
        return command(
                element(0x0002, ascii(sopClass)),
                us(0x0100, field),
                us(0x0110, messageId),
                us(0x0700, 0),
                us(0x0800, 1));
    }

    static byte[] moveRequest(int messageId, String destination) {
        return command(
                element(0x0002, ascii(MOVE)),
                us(0x0100, 0x0021),
                us(0x0110, messageId),
                element(0x0600, ascii(destination)),
                us(0x0700, 0),
                us(0x0800, 1));
    }

    static byte[] message(int context, byte[] command, byte[] dataSet) {
        return join(pData(fragment(context, true, true, command)), pData(fragment(context, false, true, dataSet)));
    }

    static byte[] find(int messageId) {
        return find(messageId, encoded(studyKeys()));
    }

    static byte[] find(int messageId, byte[] identifier) {
        return message(FIND_CONTEXT, request(0x0020, messageId, FIND), identifier);
    }

    static byte[] move(int messageId, String destination) {
        return message(MOVE_CONTEXT, moveRequest(messageId, destination), encoded(studyKeys()));
    }

    static byte[] get(int messageId) {
        return message(GET_CONTEXT, request(0x0010, messageId, GET), encoded(studyKeys()));
    }

    static byte[] cancel(int context, int messageId) {
        return pData(
                fragment(context, true, true, command(us(0x0100, 0x0FFF), us(0x0120, messageId), us(0x0800, 0x0101))));
    }

    static byte[] storeResponse(int messageId, int status) {
        return pData(fragment(
                CT_CONTEXT,
                true,
                true,
                command(us(0x0100, 0x8001), us(0x0120, messageId), us(0x0800, 0x0101), us(0x0900, status))));
    }

    QueryPeer send(byte[]... parts) throws IOException {
        peer.send(parts);
        return this;
    }

    /** The next message; fails if something else comes. */
    Message receive() throws IOException {
        byte[] command = peer.receive();
        if (command.length == 0 || command[0] != 4) {
            throw new AssertionError("No message, but " + (command.length == 0 ? "the end" : "PDU " + command[0]));
        }
        ByteArrayOutputStream dataSet = new ByteArrayOutputStream();
        if (us(command, 0x0800) != 0x0101) {
            byte[] pdu;
            do {
                pdu = peer.receive();
                dataSet.write(pdu, 12, pdu.length - 12);
            } while ((pdu[11] & 2) == 0);
        }
        return new Message(command, dataSet.toByteArray());
    }

    /** Whether the association is still of use. */
    boolean echoes() throws IOException {
        return send(Pdus.echo(999)).receive().value(0x0120) == 999;
    }
}
