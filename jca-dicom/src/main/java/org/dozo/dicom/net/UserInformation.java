// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The user information item of a request or an acceptance, PS3.7 §D.3.3 and PS3.8 §D.1.
 *
 * @param maxLength the longest P-DATA-TF variable field that its sender takes, in bytes; 0 is unlimited
 * @param implementationClassUid empty if not given
 * @param implementationVersionName empty if not given
 * @param userIdentityAccepted in an acceptance: whether there is a user identity answer; never set in a request
 */
public record UserInformation(
        long maxLength,
        String implementationClassUid,
        String implementationVersionName,
        @Nullable AsynchronousOperationsWindow window,
        List<RoleSelection> roles,
        List<ExtendedNegotiation> extended,
        List<CommonExtendedNegotiation> commonExtended,
        @Nullable UserIdentity userIdentity,
        boolean userIdentityAccepted) {

    public UserInformation {
        roles = List.copyOf(roles);
        extended = List.copyOf(extended);
        commonExtended = List.copyOf(commonExtended);
    }

    /** The same with these roles. */
    public UserInformation withRoles(List<RoleSelection> selected) {
        return new UserInformation(
                maxLength,
                implementationClassUid,
                implementationVersionName,
                window,
                selected,
                extended,
                commonExtended,
                userIdentity,
                userIdentityAccepted);
    }

    /** With the items that everybody sends, and no other. */
    public static UserInformation plain(
            long maxLength, String implementationClassUid, String implementationVersionName) {
        return new UserInformation(
                maxLength,
                implementationClassUid,
                implementationVersionName,
                null,
                List.of(),
                List.of(),
                List.of(),
                null,
                false);
    }
}
