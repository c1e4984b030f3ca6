// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An operator has halted a kind, or one of its lanes: nothing of it is begun.
 *
 * @param lane null for the whole kind
 */
public record Pause(String kind, @Nullable String lane, String reason, Instant at) {}
