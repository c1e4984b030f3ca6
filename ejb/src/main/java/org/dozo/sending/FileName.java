// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.util.regex.Pattern;

/** What the file of an object is called wherever it is brought to: {@code STUDY/SERIES/INSTANCE.dcm} by their UIDs. */
final class FileName {

    private static final Pattern UID = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,63}");

    private FileName() {}

    /** @throws UnsendableException if one of the UIDs would lead elsewhere */
    static String of(String study, String series, String instance) throws UnsendableException {
        return checked(study) + "/" + checked(series) + "/" + checked(instance) + ".dcm";
    }

    private static String checked(String uid) throws UnsendableException {
        if (!UID.matcher(uid).matches()) {
            throw UnsendableException.forGood("One of its UIDs can't be the name of a file", null);
        }
        return uid;
    }
}
