// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import java.time.Instant;

/**
 * One study of a migration.
 *
 * @param said instances that the source has of it; -1 while it was not asked
 * @param held instances that the archive has of it; -1 while that is not certified
 * @param error of the last attempt; empty for none
 */
public record MigratedStudy(
        String study, StudyState state, int attempts, int said, int held, String error, Instant updatedAt) {}
