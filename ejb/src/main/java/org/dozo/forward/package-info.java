// SPDX-License-Identifier: Apache-2.0
/**
 * Forwarding with proof of delivery: what arrives and fits a rule ({@code forward.rules}) is sent to the rule's destinations and
 * asked for there; and so are the priors that a prefetch rule wants for it. Keeps the account in rows, works by {@code jobs}, sends
 * through {@code sending}. Changes no object, and knows nothing of how objects came in.
 */
@NullMarked
package org.dozo.forward;

import org.jspecify.annotations.NullMarked;
