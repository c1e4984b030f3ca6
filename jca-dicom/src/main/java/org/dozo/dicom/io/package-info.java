// SPDX-License-Identifier: Apache-2.0
/**
 * Data sets to and from bytes: streams, Part 10 files (PS3.10), DICOM JSON and XML (PS3.18 F, PS3.19 A), always
 * within limits. Built on {@code data}; must never know of associations or of the archive.
 */
@NullMarked
package org.dozo.dicom.io;

import org.jspecify.annotations.NullMarked;
