// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** A-ASSOCIATE-RQ and -AC to bytes, PS3.8 §9.3.2 and §9.3.3. */
final class AssociateWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);

    private AssociateWriter() {}

    static byte[] request(AssociateRequest request) {
        return pdu(PduType.ASSOCIATE_RQ, request.calledAeTitle(), request.callingAeTitle(), items -> {
            items.text(ItemType.APPLICATION_CONTEXT, request.applicationContextName());
            for (ProposedPresentationContext context : request.contexts()) {
                items.item(ItemType.PROPOSED_CONTEXT, item -> {
                    item.bytes(context.id(), 0, 0, 0);
                    item.text(ItemType.ABSTRACT_SYNTAX, context.abstractSyntaxUid());
                    context.transferSyntaxUids().forEach(uid -> item.text(ItemType.TRANSFER_SYNTAX, uid));
                });
            }
            items.userInformation(request.userInformation());
        });
    }

    static byte[] accept(AssociateAccept accept) {
        return pdu(PduType.ASSOCIATE_AC, accept.calledAeTitle(), accept.callingAeTitle(), items -> {
            items.text(ItemType.APPLICATION_CONTEXT, AssociateRequest.DICOM_APPLICATION_CONTEXT);
            for (PresentationContext context : accept.contexts()) {
                items.item(ItemType.ANSWERED_CONTEXT, item -> {
                    item.bytes(context.id(), 0, context.result().code(), 0);
                    item.text(ItemType.TRANSFER_SYNTAX, context.transferSyntaxUid());
                });
            }
            items.userInformation(accept.userInformation());
        });
    }

    private static byte[] pdu(PduType type, String called, String calling, Consumer<AssociateWriter> items) {
        AssociateWriter body = new AssociateWriter();
        body.bytes(0, 1, 0, 0);
        body.out.writeBytes(AeTitle.encode(called));
        body.out.writeBytes(AeTitle.encode(calling));
        body.out.writeBytes(new byte[32]);
        items.accept(body);
        AssociateWriter pdu = new AssociateWriter();
        int length = body.out.size();
        pdu.bytes(type.code(), 0, length >>> 24, length >>> 16, length >>> 8, length);
        pdu.out.writeBytes(body.out.toByteArray());
        return pdu.out.toByteArray();
    }

    private void userInformation(UserInformation user) {
        item(ItemType.USER_INFORMATION, items -> {
            items.item(ItemType.MAX_LENGTH, item -> item.integer(user.maxLength()));
            items.text(ItemType.IMPLEMENTATION_CLASS_UID, user.implementationClassUid());
            AsynchronousOperationsWindow window = user.window();
            if (window != null) {
                items.item(
                        ItemType.ASYNCHRONOUS_OPERATIONS_WINDOW,
                        item -> item.integer((long) window.invoked() << 16 | window.performed()));
            }
            for (RoleSelection role : user.roles()) {
                items.item(ItemType.ROLE_SELECTION, item -> {
                    item.countedText(role.sopClassUid());
                    item.bytes(role.scu() ? 1 : 0, role.scp() ? 1 : 0);
                });
            }
            if (!user.implementationVersionName().isEmpty()) {
                items.text(ItemType.IMPLEMENTATION_VERSION_NAME, user.implementationVersionName());
            }
            for (ExtendedNegotiation extended : user.extended()) {
                items.item(ItemType.EXTENDED_NEGOTIATION, item -> {
                    item.countedText(extended.sopClassUid());
                    item.out.writeBytes(extended.applicationInformation());
                });
            }
            items.userIdentity(user);
        });
    }

    private void userIdentity(UserInformation user) {
        UserIdentity identity = user.userIdentity();
        if (identity != null) {
            item(ItemType.USER_IDENTITY, item -> {
                item.bytes(identity.type(), identity.positiveResponseRequested() ? 1 : 0);
                item.counted(identity.primary());
                item.counted(identity.secondary());
            });
        }
        if (user.userIdentityAccepted()) {
            // The server response is empty for user names, PS3.7 §D.3.3.7.2.
            item(ItemType.USER_IDENTITY_ANSWER, item -> item.bytes(0, 0));
        }
    }

    private void item(int type, Consumer<AssociateWriter> value) {
        AssociateWriter item = new AssociateWriter();
        value.accept(item);
        bytes(type, 0);
        counted(item.out.toByteArray());
    }

    private void text(int type, String text) {
        bytes(type, 0);
        countedText(text);
    }

    private void countedText(String text) {
        counted(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void counted(byte[] value) {
        bytes(value.length >>> 8, value.length);
        out.writeBytes(value);
    }

    private void integer(long value) {
        bytes((int) (value >>> 24), (int) (value >>> 16), (int) (value >>> 8), (int) value);
    }

    private void bytes(int... values) {
        for (int value : values) {
            out.write(value);
        }
    }
}
