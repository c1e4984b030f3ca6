// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import org.dozo.shared.Bytes;

/**
 * What was once made of a series.
 *
 * @param baseUri what the addresses in it begin with, at most {@value #LONGEST_BASE} characters; empty if nobody has asked for it yet
 * @param body gzip of a JSON array
 */
public record SeriesDocument(String baseUri, Bytes body) {

    public static final int LONGEST_BASE = 500;

    /** Instances of a series from which on a document is worth keeping: of fewer it is made as fast as it is read. */
    public static final int KEPT_FROM = 16;
}
