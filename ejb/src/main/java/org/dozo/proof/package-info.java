// SPDX-License-Identifier: Apache-2.0
/**
 * What other archives have promised us: storage commitment as user, PS3.4 J, as proof of what was forwarded. A foundation, since those
 * who forward ask and the door of {@code commitment} hears. Must never know why something was sent.
 */
@NullMarked
package org.dozo.proof;

import org.jspecify.annotations.NullMarked;
