// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.util.List;
import org.dozo.dicom.data.PersonName;

/** The names of the Native DICOM Model, PS3.19 A.1. */
final class XmlNames {

    static final String NAMESPACE = "http://dicom.nema.org/PS3.19/models/NativeDICOM";
    static final String ROOT = "NativeDicomModel";
    static final String ATTRIBUTE = "DicomAttribute";
    static final List<String> GROUPS = List.of("Alphabetic", "Ideographic", "Phonetic");
    static final List<String> COMPONENTS = List.of("FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix");

    private XmlNames() {}

    static List<String> components(PersonName.Group group) {
        return List.of(group.family(), group.given(), group.middle(), group.prefix(), group.suffix());
    }
}
