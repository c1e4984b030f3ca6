// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

/** SOP class extended negotiation, PS3.7 §D.3.3.5: the meaning of the bytes is the service class's. Do not change the array. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record ExtendedNegotiation(String sopClassUid, byte[] applicationInformation) {}
