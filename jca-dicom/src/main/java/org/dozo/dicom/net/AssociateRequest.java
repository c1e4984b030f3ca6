// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.util.List;

/**
 * An A-ASSOCIATE-RQ, PS3.8 §9.3.2. The AE titles are as the peer sent them: check them with {@link AeTitle#isValid}.
 *
 * @param contexts 1 to 128, each with an id of its own
 */
public record AssociateRequest(
        String calledAeTitle,
        String callingAeTitle,
        String applicationContextName,
        List<ProposedPresentationContext> contexts,
        UserInformation userInformation) {

    /** The one application context of DICOM, PS3.7 §A.2.1. */
    public static final String DICOM_APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1";

    public AssociateRequest {
        contexts = List.copyOf(contexts);
    }
}
