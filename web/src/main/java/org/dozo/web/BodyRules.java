// SPDX-License-Identifier: Apache-2.0
package org.dozo.web;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which bodies come in where. A page of somebody else can make a browser send forms and plain text to us, but nothing else without
 * asking first (the safelist of CORS, Fetch §2.2.2), and Dozo answers no such question: so no write takes a form or plain text.
 */
final class BodyRules {

    /** The most that any body but one of STOW-RS may have. */
    static final long MOST = 1L << 20;

    private static final Set<String> TYPES = Set.of("application/json", "application/yaml");
    private static final Set<String> STOW_TYPES = Set.of("multipart/related", "application/dicom");

    private BodyRules() {}

    /** Whether objects are stored here, PS3.18 §10.5: their bodies are of any size. */
    static boolean isStow(String method, String path) {
        return "POST".equals(method) && (path.equals("/dicomweb/studies") || path.startsWith("/dicomweb/studies/"));
    }

    /** @param type Content-Type; null if there is none */
    static boolean isTaken(boolean stow, @Nullable String type) {
        if (type == null) {
            return false;
        }
        String essence = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return (stow ? STOW_TYPES : TYPES).contains(essence);
    }
}
