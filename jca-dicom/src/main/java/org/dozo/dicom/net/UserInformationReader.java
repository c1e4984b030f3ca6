// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sub-items of the user information item, PS3.7 §D.3.3. */
final class UserInformationReader {

    private long maxLength;
    private String implementationClassUid = "";
    private String implementationVersionName = "";
    private @Nullable AsynchronousOperationsWindow window;
    private final List<RoleSelection> roles = new ArrayList<>();
    private final List<ExtendedNegotiation> extended = new ArrayList<>();
    private final List<CommonExtendedNegotiation> commonExtended = new ArrayList<>();
    private @Nullable UserIdentity userIdentity;
    private boolean userIdentityAccepted;

    UserInformationReader(long defaultMaxLength) {
        maxLength = defaultMaxLength;
    }

    UserInformation read(ItemReader items) throws ProtocolViolationException {
        while (items.hasMore()) {
            readItem(items.next());
        }
        return new UserInformation(
                maxLength,
                implementationClassUid,
                implementationVersionName,
                window,
                roles,
                extended,
                commonExtended,
                userIdentity,
                userIdentityAccepted);
    }

    private void readItem(ItemReader item) throws ProtocolViolationException {
        switch (item.type()) {
            case ItemType.MAX_LENGTH -> maxLength = maxLength(item.unsignedInt());
            case ItemType.IMPLEMENTATION_CLASS_UID -> implementationClassUid = item.text();
            case ItemType.IMPLEMENTATION_VERSION_NAME -> implementationVersionName = item.text();
            case ItemType.ASYNCHRONOUS_OPERATIONS_WINDOW ->
                window = new AsynchronousOperationsWindow(item.unsignedShort(), item.unsignedShort());
            case ItemType.ROLE_SELECTION ->
                roles.add(new RoleSelection(
                        item.text(item.unsignedShort()), item.unsignedByte() == 1, item.unsignedByte() == 1));
            case ItemType.EXTENDED_NEGOTIATION ->
                extended.add(new ExtendedNegotiation(item.text(item.unsignedShort()), item.rest()));
            case ItemType.COMMON_EXTENDED_NEGOTIATION -> commonExtended.add(commonExtended(item));
            case ItemType.USER_IDENTITY -> userIdentity = userIdentity(item);
            case ItemType.USER_IDENTITY_ANSWER -> userIdentityAccepted = true;
            default -> {
                // PS3.7 §D.3.3: unknown sub-items are ignored.
            }
        }
    }

    private static long maxLength(long declared) throws ProtocolViolationException {
        if (declared != 0 && declared <= PDataWriter.PDV_OVERHEAD) {
            throw AssociateReader.violation(
                    "A maximum length of " + declared + " bytes leaves no room for a fragment of one byte");
        }
        return declared;
    }

    private static CommonExtendedNegotiation commonExtended(ItemReader item) throws ProtocolViolationException {
        String sopClassUid = item.text(item.unsignedShort());
        String serviceClassUid = item.text(item.unsignedShort());
        ItemReader related = item.sub(item.unsignedShort());
        List<String> relatedUids = new ArrayList<>();
        while (related.hasMore()) {
            relatedUids.add(related.text(related.unsignedShort()));
        }
        return new CommonExtendedNegotiation(sopClassUid, serviceClassUid, relatedUids);
    }

    private static UserIdentity userIdentity(ItemReader item) throws ProtocolViolationException {
        int type = item.unsignedByte();
        boolean positiveResponseRequested = item.unsignedByte() == 1;
        byte[] primary = item.bytes(item.unsignedShort());
        byte[] secondary = item.hasMore() ? item.bytes(item.unsignedShort()) : new byte[0];
        return new UserIdentity(type, positiveResponseRequested, primary, secondary);
    }
}
