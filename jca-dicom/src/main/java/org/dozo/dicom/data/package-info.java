// SPDX-License-Identifier: Apache-2.0
/**
 * DICOM values and their names: data sets, tags, value representations, character sets, and the dictionary of PS3.6
 * as data. Knows bytes and text only; must never know of streams, files or the network.
 */
@NullMarked
package org.dozo.dicom.data;

import org.jspecify.annotations.NullMarked;
