// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import org.dozo.dicom.data.TransferSyntax;

/** How elements are written, PS3.5 §7.1.2 and §7.1.3. */
record Encoding(boolean explicit, boolean bigEndian) {

    static final Encoding IMPLICIT_LITTLE = new Encoding(false, false);
    static final Encoding EXPLICIT_LITTLE = new Encoding(true, false);
    static final Encoding EXPLICIT_BIG = new Encoding(true, true);

    static Encoding of(TransferSyntax syntax) {
        return syntax.bigEndian() ? EXPLICIT_BIG : syntax.explicitVr() ? EXPLICIT_LITTLE : IMPLICIT_LITTLE;
    }
}
