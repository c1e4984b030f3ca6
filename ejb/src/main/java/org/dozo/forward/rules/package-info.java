// SPDX-License-Identifier: Apache-2.0
/**
 * The forwarding rules: what arrives, and fits a condition that an operator can read, goes to these destinations. So do the prefetch
 * rules: which priors go where for what arrives. The condition language, the rules as rows, and how a condition would have done on what
 * is stored. Must never know how things are sent.
 */
@NullMarked
package org.dozo.forward.rules;

import org.jspecify.annotations.NullMarked;
