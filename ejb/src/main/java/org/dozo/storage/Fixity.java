// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.util.HexFormat;

/**
 * What a good copy's bytes must be. Digests are SHA-256 in lower-case hexadecimal digits, so that records compare by value.
 *
 * @param headLength bytes before the data set
 */
public record Fixity(long headLength, String headSha256, long dataSetLength, String dataSetSha256) {

    public Fixity(long headLength, byte[] headSha256, long dataSetLength, byte[] dataSetSha256) {
        this(headLength, hex(headSha256), dataSetLength, hex(dataSetSha256));
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }
}
