// SPDX-License-Identifier: Apache-2.0
/**
 * Tells other systems that a study is there: Instance Availability Notification as SCU, PS3.4 §R. Its jobs are announced by whoever
 * looks at arrivals. Must never know who does.
 */
@NullMarked
package org.dozo.availability;

import org.jspecify.annotations.NullMarked;
