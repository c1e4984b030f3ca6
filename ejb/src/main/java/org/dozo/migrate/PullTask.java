// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

/**
 * A study to be pulled, in the hands of one slot.
 *
 * @param source AE title of the archive that has it
 * @param attempt 1 for the first
 * @param objectsPerSecond of this slot on average; 0 for no limit
 */
record PullTask(
        long migrationId,
        int slot,
        String source,
        String study,
        int attempt,
        String modality,
        double objectsPerSecond) {}
