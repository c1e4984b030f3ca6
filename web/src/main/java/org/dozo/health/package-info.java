// SPDX-License-Identifier: Apache-2.0
/**
 * What machines ask of a node: is it alive, is it ready, how is it doing ({@code /health/live}, {@code /health/ready},
 * {@code /metrics}). Open to everybody, hence without particulars of patients or peers. Must never change anything.
 */
@NullMarked
package org.dozo.health;

import org.jspecify.annotations.NullMarked;
