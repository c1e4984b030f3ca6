// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

/** A presentation context that both sides agreed on, PS3.8 §7.1.1.14. */
public record AcceptedContext(int id, String abstractSyntaxUid, String transferSyntaxUid) {}
