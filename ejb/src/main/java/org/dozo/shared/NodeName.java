// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.util.regex.Pattern;

/**
 * The name of this node, unique in the cluster and the same after a restart: it owns leases and staged files.
 *
 * @param value 1 to 16 letters, digits and hyphens, beginning with a letter or digit
 */
public record NodeName(String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,15}");

    public NodeName {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("node.name=" + value
                    + " is not 1 to 16 letters, digits and hyphens beginning with a letter or digit");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
