// SPDX-License-Identifier: Apache-2.0
/**
 * Finds what is stored: one query model for C-FIND and QIDO-RS, its matching rules, one SQL statement a level, and the identifiers
 * that answer. Neighbours: {@code index} (whose tables it reads), {@code access}. Must never know how a match travels, nor change a row.
 */
@NullMarked
package org.dozo.query;

import org.jspecify.annotations.NullMarked;
