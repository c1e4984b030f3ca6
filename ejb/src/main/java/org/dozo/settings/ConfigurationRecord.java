// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One operational record in the configuration file.
 *
 * @param name unique in its section
 * @param fields in the order of the file, the name among them: texts, whole numbers, truth values, lists of texts and texts by name
 */
public record ConfigurationRecord(String name, Map<String, Object> fields) {

    public ConfigurationRecord {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
}
