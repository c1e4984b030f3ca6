// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

/** SCP/SCU role selection for one SOP class, PS3.7 §D.3.3.4: the roles the requestor proposes, or those the acceptor grants. */
public record RoleSelection(String sopClassUid, boolean scu, boolean scp) {}
