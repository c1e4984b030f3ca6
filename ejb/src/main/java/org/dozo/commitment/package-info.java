// SPDX-License-Identifier: Apache-2.0
/**
 * Storage commitment as provider, PS3.4 J: a request is kept with the job that checks it, the check reads every copy again, and
 * another job reports until the peer has heard. Reports on our own requests go to {@code proof}. Must never know of the network that
 * carries them, nor change what is stored.
 */
@NullMarked
package org.dozo.commitment;

import org.jspecify.annotations.NullMarked;
