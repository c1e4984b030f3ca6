// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import org.dozo.shared.Bytes;

/**
 * What was once made of a series.
 *
 * @param baseUri what the addresses in it begin with, at most {@value #LONGEST_BASE} characters
 * @param body gzip of a JSON array
 */
public record SeriesDocument(String baseUri, Bytes body) {

    public static final int LONGEST_BASE = 500;
}
