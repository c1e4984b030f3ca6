// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.dozo.dicom.net.PresentationContext.Result;

/** A-ASSOCIATE-RQ and -AC from bytes, PS3.8 §9.3.2 and §9.3.3. Items that the standard does not know are skipped. */
final class AssociateReader {

    /** PS3.8 §9.3.2.2: ids are odd, 1 to 255. */
    static final int MAX_CONTEXTS = 128;

    private static final int FIXED_FIELDS = 68;
    /** What PS3.8 §D.1.1 leaves open if the item is missing; every known implementation takes this much. */
    private static final long DEFAULT_MAX_LENGTH = 16 * 1024;

    private String applicationContextName = "";
    private final List<ProposedPresentationContext> proposed = new ArrayList<>();
    private final List<PresentationContext> answered = new ArrayList<>();
    private final BitSet ids = new BitSet(256);
    private UserInformation userInformation = UserInformation.plain(DEFAULT_MAX_LENGTH, "", "");
    private final byte[] pdu;

    private AssociateReader(byte[] pdu) throws ProtocolViolationException {
        if (pdu.length < FIXED_FIELDS) {
            throw violation("An association PDU of " + pdu.length + " bytes is too short");
        }
        this.pdu = pdu;
    }

    /**
     * Reads what follows the header of an A-ASSOCIATE-RQ.
     *
     * @throws RejectedRequestException if its protocol version is not 1
     */
    static AssociateRequest request(byte[] pdu) throws ProtocolViolationException, RejectedRequestException {
        AssociateReader reader = new AssociateReader(pdu);
        if ((pdu[1] & 1) == 0) {
            throw new RejectedRequestException(
                    Rejection.PROTOCOL_VERSION_NOT_SUPPORTED, "The peer does not speak version 1 of the protocol");
        }
        reader.readItems();
        if (reader.proposed.isEmpty()) {
            throw violation("The association request has no presentation context");
        }
        return new AssociateRequest(
                AeTitle.decode(pdu, 4),
                AeTitle.decode(pdu, 20),
                reader.applicationContextName,
                reader.proposed,
                reader.userInformation);
    }

    /** Reads what follows the header of an A-ASSOCIATE-AC. */
    static AssociateAccept accept(byte[] pdu) throws ProtocolViolationException {
        AssociateReader reader = new AssociateReader(pdu);
        reader.readItems();
        return new AssociateAccept(
                AeTitle.decode(pdu, 4), AeTitle.decode(pdu, 20), reader.answered, reader.userInformation);
    }

    private void readItems() throws ProtocolViolationException {
        ItemReader items = new ItemReader(pdu, FIXED_FIELDS, pdu.length);
        while (items.hasMore()) {
            ItemReader item = items.next();
            switch (item.type()) {
                case ItemType.APPLICATION_CONTEXT -> applicationContextName = item.text();
                case ItemType.PROPOSED_CONTEXT -> readProposal(item);
                case ItemType.ANSWERED_CONTEXT -> readAnswer(item);
                case ItemType.USER_INFORMATION ->
                    userInformation = new UserInformationReader(DEFAULT_MAX_LENGTH).read(item);
                default -> {
                    // PS3.8 §9.3.1: items that are not known are ignored.
                }
            }
        }
    }

    private void readProposal(ItemReader item) throws ProtocolViolationException {
        int id = contextId(item);
        item.skip(3);
        String abstractSyntaxUid = "";
        List<String> transferSyntaxUids = new ArrayList<>();
        while (item.hasMore()) {
            ItemReader syntax = item.next();
            if (syntax.type() == ItemType.ABSTRACT_SYNTAX) {
                abstractSyntaxUid = syntax.text();
            } else if (syntax.type() == ItemType.TRANSFER_SYNTAX) {
                transferSyntaxUids.add(syntax.text());
            }
        }
        if (abstractSyntaxUid.isEmpty() || transferSyntaxUids.isEmpty()) {
            throw violation("Presentation context " + id + " lacks its abstract syntax or its transfer syntaxes");
        }
        proposed.add(new ProposedPresentationContext(id, abstractSyntaxUid, transferSyntaxUids));
    }

    private void readAnswer(ItemReader item) throws ProtocolViolationException {
        int id = contextId(item);
        item.skip(1);
        Result result = Result.of(item.unsignedByte());
        item.skip(1);
        String transferSyntaxUid = "";
        while (item.hasMore()) {
            ItemReader syntax = item.next();
            if (syntax.type() == ItemType.TRANSFER_SYNTAX) {
                transferSyntaxUid = syntax.text();
            }
        }
        answered.add(new PresentationContext(id, result, transferSyntaxUid));
    }

    private int contextId(ItemReader item) throws ProtocolViolationException {
        int id = item.unsignedByte();
        if ((id & 1) == 0) {
            throw violation("Presentation context id " + id + " is not odd");
        }
        if (ids.get(id)) {
            throw violation("Presentation context id " + id + " is there twice; an association has at most "
                    + MAX_CONTEXTS + " contexts");
        }
        ids.set(id);
        return id;
    }

    static ProtocolViolationException violation(String message) {
        return new ProtocolViolationException(AbortReason.INVALID_PDU_PARAMETER_VALUE, message);
    }
}
