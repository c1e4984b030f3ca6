// SPDX-License-Identifier: Apache-2.0
/**
 * Who may call, and for what: peers as rows, the admission of associations, evaluation mode. Must never know of the services that
 * ask, nor of the network that carries them.
 */
@NullMarked
package org.dozo.access;

import org.jspecify.annotations.NullMarked;
