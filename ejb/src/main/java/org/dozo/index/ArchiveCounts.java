// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

/**
 * How much there is.
 *
 * @param bytes of all objects kept, each counted once however many copies it has
 */
public record ArchiveCounts(long patients, long studies, long series, long instances, long bytes) {}
