// SPDX-License-Identifier: Apache-2.0
/**
 * The settings of this node, bound to one record a domain and checked at the start; and the operational records as one YAML file,
 * exported, compared and applied. Knows the other foundations; none of them knows it.
 */
@NullMarked
package org.dozo.settings;

import org.jspecify.annotations.NullMarked;
