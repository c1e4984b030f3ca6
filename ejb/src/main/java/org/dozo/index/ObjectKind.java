// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

/** What a receiver must take to get an object as it is kept: its class in its transfer syntax. */
public record ObjectKind(String sopClassUid, String transferSyntaxUid) {}
