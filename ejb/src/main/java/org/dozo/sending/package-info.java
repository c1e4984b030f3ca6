// SPDX-License-Identifier: Apache-2.0
/**
 * Brings objects to other application entities, one {@link org.dozo.sending.Courier} an association, and to what is none: STOW-RS,
 * folders and buckets of S3. Over {@code access}, out of {@code index} and {@code storage}; a {@link org.dozo.sending.Carrier} is the way
 * to one. For whoever has a {@link org.dozo.sending.Consignment}: a C-MOVE, a forwarding. Must never know who it is, nor keep an account
 * of what arrived.
 */
@NullMarked
package org.dozo.sending;

import org.jspecify.annotations.NullMarked;
