// SPDX-License-Identifier: Apache-2.0
/**
 * Forwarding with proof of delivery: what arrives and fits a rule ({@code forward.rules}) is sent to the rule's destinations and
 * asked for there. Keeps the account in rows, works by {@code jobs}, sends through {@code sending}. Changes no object, and knows nothing
 * of how objects came in.
 */
@NullMarked
package org.dozo.forward;

import org.jspecify.annotations.NullMarked;
