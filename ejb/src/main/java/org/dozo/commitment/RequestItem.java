// SPDX-License-Identifier: Apache-2.0
package org.dozo.commitment;

import org.dozo.dicom.SopReference;

/** An instance of a request that is not checked yet. */
record RequestItem(int position, SopReference reference) {}
