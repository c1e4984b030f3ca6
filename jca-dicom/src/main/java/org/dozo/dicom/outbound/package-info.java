// SPDX-License-Identifier: Apache-2.0
/**
 * The requestor: managed connections to other application entities, pooled by the container. Neighbour of {@code
 * inbound}, which it never calls.
 */
@NullMarked
package org.dozo.dicom.outbound;

import org.jspecify.annotations.NullMarked;
