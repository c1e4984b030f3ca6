// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

/**
 * How a Data Set is encoded, PS3.5 §10 and PS3.6 A.
 *
 * @param uid its UID
 * @param name as PS3.6 names it; the UID if the standard does not know it
 * @param encapsulated whether Pixel Data is in fragments (always explicit little endian then)
 */
public record TransferSyntax(
        String uid, String name, boolean explicitVr, boolean bigEndian, boolean deflated, boolean encapsulated) {

    public static final TransferSyntax IMPLICIT_VR_LITTLE_ENDIAN =
            new TransferSyntax("1.2.840.10008.1.2", "Implicit VR Little Endian", false, false, false, false);
    public static final TransferSyntax EXPLICIT_VR_LITTLE_ENDIAN =
            new TransferSyntax("1.2.840.10008.1.2.1", "Explicit VR Little Endian", true, false, false, false);
    public static final TransferSyntax DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = new TransferSyntax(
            "1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", true, false, true, false);
    public static final TransferSyntax EXPLICIT_VR_BIG_ENDIAN =
            new TransferSyntax("1.2.840.10008.1.2.2", "Explicit VR Big Endian (Retired)", true, true, false, false);

    /** A transfer syntax the standard does not know, configured by an operator: read as encapsulated, explicit little endian. */
    public static TransferSyntax unknown(String uid) {
        return new TransferSyntax(uid, uid, true, false, false, true);
    }
}
