// SPDX-License-Identifier: Apache-2.0
/**
 * What every package may use: failures with their status codes, the one way to run a database transaction, the meter registry,
 * the name of this node. Imports nothing else of Dozo, and must never know of a domain.
 */
@NullMarked
package org.dozo.shared;

import org.jspecify.annotations.NullMarked;
