// SPDX-License-Identifier: Apache-2.0
/**
 * The operators' API under {@code /api}: status, peers, configuration, the node's own checks. JSON, and plain text for people at a
 * terminal. Translates only; the rules are in the services that it calls.
 */
@NullMarked
package org.dozo.admin;

import org.jspecify.annotations.NullMarked;
