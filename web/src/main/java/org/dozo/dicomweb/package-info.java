// SPDX-License-Identifier: Apache-2.0
/**
 * DICOMweb, PS3.18: QIDO-RS, STOW-RS and WADO-RS below {@code /dicomweb}, and the grammar they share (media types, multipart).
 * Translates only: {@code query}, {@code ingest} and {@code retrieve} do the work. Must never know of tables, volumes or
 * associations, and never fetches anything that a request names.
 */
@NullMarked
package org.dozo.dicomweb;

import org.jspecify.annotations.NullMarked;
