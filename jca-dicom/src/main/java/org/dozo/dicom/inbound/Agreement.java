// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.dozo.dicom.QueryOption;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.net.AssociateAccept;
import org.dozo.dicom.net.ExtendedNegotiation;
import org.dozo.dicom.net.RoleSelection;

/**
 * What both sides of an association agreed on beyond its presentation contexts, PS3.7 §D.3.3.
 *
 * @param fetched UIDs of the storage classes that the peer takes as SCP
 * @param options by information model
 */
record Agreement(Set<String> fetched, Map<String, Set<QueryOption>> options) {

    static Agreement of(AssociateAccept accept) {
        Set<String> fetched = new HashSet<>();
        for (RoleSelection role : accept.userInformation().roles()) {
            if (role.scp() && !role.sopClassUid().equals(SopClasses.STORAGE_COMMITMENT)) {
                fetched.add(role.sopClassUid());
            }
        }
        Map<String, Set<QueryOption>> options = new HashMap<>();
        for (ExtendedNegotiation item : accept.userInformation().extended()) {
            QueryRetrieve service = QueryRetrieve.of(item.sopClassUid());
            if (service != null) {
                options.put(item.sopClassUid(), service.options(item.applicationInformation()));
            }
        }
        return new Agreement(fetched, options);
    }

    /** None unless the peer asked for some. */
    Set<QueryOption> optionsOf(String sopClassUid) {
        return options.getOrDefault(sopClassUid, Set.of());
    }
}
