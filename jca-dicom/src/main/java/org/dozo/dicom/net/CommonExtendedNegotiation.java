// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.util.List;

/** SOP class common extended negotiation, PS3.7 §D.3.3.6. It has no answer. */
public record CommonExtendedNegotiation(
        String sopClassUid, String serviceClassUid, List<String> relatedGeneralSopClassUids) {

    public CommonExtendedNegotiation {
        relatedGeneralSopClassUids = List.copyOf(relatedGeneralSopClassUids);
    }
}
