// SPDX-License-Identifier: Apache-2.0
/**
 * Brings studies from other archives: asks for them by C-FIND, has them sent by C-MOVE, and certifies of each study what the source said
 * and what is held. Keeps the account in rows, works by {@code jobs}. The objects come in by the door of all others; must never know how
 * they are taken in, nor who wants them.
 */
@NullMarked
package org.dozo.migrate;

import org.jspecify.annotations.NullMarked;
