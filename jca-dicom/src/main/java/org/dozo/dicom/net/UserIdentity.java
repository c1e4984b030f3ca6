// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

/**
 * User identity as the requestor claims it, PS3.7 §D.3.3.7. Nothing of it may be logged.
 *
 * @param type 1 user name, 2 user name and passcode, 3 Kerberos, 4 SAML, 5 JSON web token
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record UserIdentity(int type, boolean positiveResponseRequested, byte[] primary, byte[] secondary) {

    @Override
    public String toString() {
        return "UserIdentity of type " + type;
    }
}
