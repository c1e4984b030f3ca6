// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.List;

/**
 * How a condition would have done on the studies that arrived last; a study matches if one of its instances does.
 *
 * @param matching how many match
 * @param of how many were looked at, the newest first
 * @param complete whether there was time for all that were asked for
 * @param unreadable instances whose kept header is damaged; they count as not matching
 * @param examples Study Instance UIDs of the first {@value RuleTrial#MOST_EXAMPLES} that match
 */
public record PastTrial(int matching, int of, boolean complete, int unreadable, List<String> examples) {

    public PastTrial {
        examples = List.copyOf(examples);
    }
}
