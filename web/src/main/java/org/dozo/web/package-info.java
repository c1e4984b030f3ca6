// SPDX-License-Identifier: Apache-2.0
/**
 * What all HTTP doors share: who may come in, and how a failure is answered. Must never know of a resource or of the archive's
 * insides.
 */
@NullMarked
package org.dozo.web;

import org.jspecify.annotations.NullMarked;
