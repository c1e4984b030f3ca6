// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Priority;
import org.dozo.dicom.StoreOperation;
import org.dozo.dicom.SubOperations;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetReader;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.ParseLimits;

/**
 * The command set of a DIMSE message, PS3.7 §6.3.1: flat, always implicit VR little endian. Texts come without padding, and
 * are empty if the element is absent.
 */
public final class CommandSet {

    /** Command Data Set Type (0000,0800): no data set follows. Any other value means that one does. */
    private static final int NO_DATA_SET = 0x0101;

    private static final int DATA_SET_PRESENT = 0x0000;

    /** What VR US holds. */
    private static final int MOST_COUNTED = 0xFFFF;

    /** Flat and short; the bytes are bounded before ({@link PDataReader#MAX_COMMAND_LENGTH}). */
    private static final ParseLimits LIMITS = new ParseLimits(1, PDataReader.MAX_COMMAND_LENGTH, 1000, 0, 2, 0);

    private final Dataset elements;

    private CommandSet(Dataset elements) {
        this.elements = elements;
    }

    public static CommandSet echoRequest(int messageId, String sopClassUid) {
        return of(DimseCommand.C_ECHO_RQ, NO_DATA_SET)
                .uid(Tag.AFFECTED_SOP_CLASS_UID, sopClassUid)
                .number(Tag.MESSAGE_ID, messageId);
    }

    public static CommandSet storeRequest(int messageId, StoreOperation operation) {
        CommandSet request = of(DimseCommand.C_STORE_RQ, DATA_SET_PRESENT)
                .uid(Tag.AFFECTED_SOP_CLASS_UID, operation.sopClassUid())
                .number(Tag.MESSAGE_ID, messageId)
                .number(Tag.PRIORITY, operation.priority().code())
                .uid(Tag.AFFECTED_SOP_INSTANCE_UID, operation.sopInstanceUid());
        if (!operation.moveOriginatorAeTitle().isEmpty()) {
            request.elements.setString(
                    Tag.MOVE_ORIGINATOR_APPLICATION_ENTITY_TITLE, VR.AE, operation.moveOriginatorAeTitle());
            request.number(Tag.MOVE_ORIGINATOR_MESSAGE_ID, operation.moveOriginatorMessageId());
        }
        return request;
    }

    public static CommandSet findRequest(int messageId, String sopClassUid, Priority priority) {
        return identified(DimseCommand.C_FIND_RQ, messageId, sopClassUid, priority);
    }

    /** @param destination AE title, 1 to 16 characters */
    public static CommandSet moveRequest(int messageId, String sopClassUid, Priority priority, String destination) {
        CommandSet request = identified(DimseCommand.C_MOVE_RQ, messageId, sopClassUid, priority);
        request.elements.setString(Tag.MOVE_DESTINATION, VR.AE, destination);
        return request;
    }

    /** @param messageId of the request that is to be cancelled */
    public static CommandSet cancelRequest(int messageId) {
        return of(DimseCommand.C_CANCEL_RQ, NO_DATA_SET).number(Tag.MESSAGE_ID_BEING_RESPONDED_TO, messageId);
    }

    /** N-ACTION-RQ, PS3.7 §10.3.4.1. */
    public static CommandSet actionRequest(int messageId, String sopClassUid, String sopInstanceUid, int actionTypeId) {
        return of(DimseCommand.N_ACTION_RQ, DATA_SET_PRESENT)
                .uid(Tag.REQUESTED_SOP_CLASS_UID, sopClassUid)
                .number(Tag.MESSAGE_ID, messageId)
                .uid(Tag.REQUESTED_SOP_INSTANCE_UID, sopInstanceUid)
                .number(Tag.ACTION_TYPE_ID, actionTypeId);
    }

    /** N-EVENT-REPORT-RQ, PS3.7 §10.3.1.1. */
    public static CommandSet eventReportRequest(
            int messageId, String sopClassUid, String sopInstanceUid, int eventTypeId) {
        return of(DimseCommand.N_EVENT_REPORT_RQ, DATA_SET_PRESENT)
                .uid(Tag.AFFECTED_SOP_CLASS_UID, sopClassUid)
                .number(Tag.MESSAGE_ID, messageId)
                .uid(Tag.AFFECTED_SOP_INSTANCE_UID, sopInstanceUid)
                .number(Tag.EVENT_TYPE_ID, eventTypeId);
    }

    /** N-CREATE-RQ, PS3.7 §10.3.5.1, with the UID of what is to be made. */
    public static CommandSet createRequest(int messageId, String sopClassUid, String sopInstanceUid) {
        return of(DimseCommand.N_CREATE_RQ, DATA_SET_PRESENT)
                .uid(Tag.AFFECTED_SOP_CLASS_UID, sopClassUid)
                .number(Tag.MESSAGE_ID, messageId)
                .uid(Tag.AFFECTED_SOP_INSTANCE_UID, sopInstanceUid);
    }

    private static CommandSet identified(int commandField, int messageId, String sopClassUid, Priority priority) {
        return of(commandField, DATA_SET_PRESENT)
                .uid(Tag.AFFECTED_SOP_CLASS_UID, sopClassUid)
                .number(Tag.MESSAGE_ID, messageId)
                .number(Tag.PRIORITY, priority.code());
    }

    /** The response to {@code request}, without a data set; it names the class and instance that the request named. */
    public static CommandSet response(CommandSet request, DimseStatus status) {
        CommandSet response = of(DimseCommand.responseTo(request.commandField()), NO_DATA_SET)
                .number(Tag.MESSAGE_ID_BEING_RESPONDED_TO, request.messageId())
                .number(Tag.STATUS, status.code());
        response.copy(request, Tag.REQUESTED_SOP_CLASS_UID, Tag.AFFECTED_SOP_CLASS_UID);
        response.copy(request, Tag.REQUESTED_SOP_INSTANCE_UID, Tag.AFFECTED_SOP_INSTANCE_UID);
        response.copy(request, Tag.AFFECTED_SOP_CLASS_UID, Tag.AFFECTED_SOP_CLASS_UID);
        response.copy(request, Tag.AFFECTED_SOP_INSTANCE_UID, Tag.AFFECTED_SOP_INSTANCE_UID);
        response.copy(request, Tag.ACTION_TYPE_ID, Tag.ACTION_TYPE_ID);
        response.copy(request, Tag.EVENT_TYPE_ID, Tag.EVENT_TYPE_ID);
        if (!status.comment().isEmpty()) {
            response.elements.setString(Tag.ERROR_COMMENT, VR.LO, comment(status.comment()));
        }
        if (status.offendingElement() != 0) {
            response.elements.setInts(Tag.OFFENDING_ELEMENT, VR.AT, status.offendingElement());
        }
        return response;
    }

    /** This message with a data set behind it. */
    public CommandSet withDataSet() {
        return number(Tag.COMMAND_DATA_SET_TYPE, DATA_SET_PRESENT);
    }

    /** This response with the counts of its sub-operations, PS3.7 §9.3.4.2. */
    public CommandSet withCounts(SubOperations counts, boolean remaining) {
        if (remaining) {
            count(Tag.NUMBER_OF_REMAINING_SUBOPERATIONS, counts.remaining());
        }
        return count(Tag.NUMBER_OF_COMPLETED_SUBOPERATIONS, counts.completed())
                .count(Tag.NUMBER_OF_FAILED_SUBOPERATIONS, counts.failed())
                .count(Tag.NUMBER_OF_WARNING_SUBOPERATIONS, counts.warning());
    }

    /**
     * @throws ProtocolViolationException if the bytes are no command set, or one without what every message must have
     */
    static CommandSet decode(byte[] bytes) throws ProtocolViolationException {
        CommandSet command = new CommandSet(elements(bytes));
        if (command.commandField() < 0) {
            throw violation("The command has no Command Field (0000,0100)");
        }
        if (!command.elements.contains(Tag.COMMAND_DATA_SET_TYPE)) {
            throw violation("The command has no Command Data Set Type (0000,0800)");
        }
        return command;
    }

    /** With Command Group Length (0000,0000). */
    byte[] encode() {
        return DatasetWriter.toBytes(elements, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
    }

    /** -1 if absent. */
    public int commandField() {
        return elements.getInt(Tag.COMMAND_FIELD, -1);
    }

    /** -1 if absent. */
    public int messageId() {
        return elements.getInt(Tag.MESSAGE_ID, -1);
    }

    /** -1 if absent. */
    public int messageIdBeingRespondedTo() {
        return elements.getInt(Tag.MESSAGE_ID_BEING_RESPONDED_TO, -1);
    }

    public boolean hasDataSet() {
        return elements.getInt(Tag.COMMAND_DATA_SET_TYPE, NO_DATA_SET) != NO_DATA_SET;
    }

    public String affectedSopClassUid() {
        return elements.getString(Tag.AFFECTED_SOP_CLASS_UID, "");
    }

    public String affectedSopInstanceUid() {
        return elements.getString(Tag.AFFECTED_SOP_INSTANCE_UID, "");
    }

    /** Of an N- request; empty if absent. */
    public String requestedSopClassUid() {
        return elements.getString(Tag.REQUESTED_SOP_CLASS_UID, "");
    }

    /** Of an N- request; empty if absent. */
    public String requestedSopInstanceUid() {
        return elements.getString(Tag.REQUESTED_SOP_INSTANCE_UID, "");
    }

    /** -1 if absent. */
    public int actionTypeId() {
        return elements.getInt(Tag.ACTION_TYPE_ID, -1);
    }

    /** -1 if absent. */
    public int eventTypeId() {
        return elements.getInt(Tag.EVENT_TYPE_ID, -1);
    }

    public Priority priority() {
        return Priority.of(elements.getInt(Tag.PRIORITY, Priority.MEDIUM.code()));
    }

    public String moveOriginatorAeTitle() {
        return elements.getString(Tag.MOVE_ORIGINATOR_APPLICATION_ENTITY_TITLE, "");
    }

    /** 0 if absent. */
    public int moveOriginatorMessageId() {
        return elements.getInt(Tag.MOVE_ORIGINATOR_MESSAGE_ID, 0);
    }

    /** AE title; empty if absent. */
    public String moveDestination() {
        return elements.getString(Tag.MOVE_DESTINATION, "");
    }

    /** The counts of a C-MOVE or C-GET response; 0 for each that is absent. */
    public SubOperations counts() {
        return new SubOperations(
                elements.getInt(Tag.NUMBER_OF_REMAINING_SUBOPERATIONS, 0),
                elements.getInt(Tag.NUMBER_OF_COMPLETED_SUBOPERATIONS, 0),
                elements.getInt(Tag.NUMBER_OF_FAILED_SUBOPERATIONS, 0),
                elements.getInt(Tag.NUMBER_OF_WARNING_SUBOPERATIONS, 0));
    }

    /** Status, Error Comment and the first Offending Element of a response; 0110 if it has no status. */
    public DimseStatus status() {
        int[] offending = elements.getInts(Tag.OFFENDING_ELEMENT);
        return new DimseStatus(
                elements.getInt(Tag.STATUS, 0x0110),
                elements.getString(Tag.ERROR_COMMENT, ""),
                offending.length == 0 ? 0 : offending[0]);
    }

    @Override
    public String toString() {
        return "Command %04XH".formatted(commandField());
    }

    private static CommandSet of(int commandField, int dataSetType) {
        return new CommandSet(new Dataset())
                .number(Tag.COMMAND_FIELD, commandField)
                .number(Tag.COMMAND_DATA_SET_TYPE, dataSetType);
    }

    private CommandSet number(int tag, int value) {
        elements.setInts(tag, VR.US, value);
        return this;
    }

    private CommandSet count(int tag, int value) {
        return number(tag, Math.clamp(value, 0, MOST_COUNTED));
    }

    private CommandSet uid(int tag, String uid) {
        elements.setString(tag, VR.UI, uid);
        return this;
    }

    private void copy(CommandSet request, int from, int to) {
        Element element = request.elements.get(from);
        if (element != null && !element.isSequence()) {
            elements.setBytes(to, element.vr(), element.bytes());
        }
    }

    private static String comment(String comment) {
        String ascii = comment.replaceAll("[^\\x20-\\x5B\\x5D-\\x7E]", "?");
        return ascii.length() > 64 ? ascii.substring(0, 64) : ascii;
    }

    private static Dataset elements(byte[] bytes) throws ProtocolViolationException {
        Dataset elements;
        try {
            elements = DatasetReader.read(
                    new ByteArrayInputStream(bytes), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN, LIMITS);
        } catch (IOException e) {
            throw violation("The command set is malformed: " + e.getMessage());
        }
        for (Element element : elements) {
            if (Tag.group(element.tag()) != 0) {
                throw violation("The command set has " + Tag.toString(element.tag()) + ", which is no command element");
            }
        }
        return elements;
    }

    private static ProtocolViolationException violation(String message) {
        return new ProtocolViolationException(AbortReason.INVALID_PDU_PARAMETER_VALUE, message);
    }
}
