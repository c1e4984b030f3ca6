// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.util.List;
import org.dozo.dicom.io.Replacement;

/**
 * How an object is wanted to go out, beyond its corrections.
 *
 * @param replacements made after the corrections
 * @param syntaxes UIDs of transfer syntaxes, the dearest first: the first counts that the receiver takes and the object is kept in or can be
 *     converted into; if there is none, it goes as without wishes
 */
public record Wishes(List<Replacement> replacements, List<String> syntaxes) {

    public static final Wishes NONE = new Wishes(List.of(), List.of());

    public Wishes {
        replacements = List.copyOf(replacements);
        syntaxes = List.copyOf(syntaxes);
    }
}
