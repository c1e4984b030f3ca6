// SPDX-License-Identifier: Apache-2.0
/**
 * Dozo as a whole, started by {@code ./dozo} as an operator does, filled, mistreated and counted. What it must never know: anything
 * of the archive's classes; it sees sockets, files, the database and the command.
 */
@NullMarked
package org.dozo.acceptance;

import org.jspecify.annotations.NullMarked;
