// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.util.List;

/** An A-ASSOCIATE-AC, PS3.8 §9.3.3. */
public record AssociateAccept(
        String calledAeTitle,
        String callingAeTitle,
        List<PresentationContext> contexts,
        UserInformation userInformation) {

    public AssociateAccept {
        contexts = List.copyOf(contexts);
    }
}
