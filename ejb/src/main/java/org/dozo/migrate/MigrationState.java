// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import java.util.Locale;

/** Where a migration stands. */
public enum MigrationState {
    RUNNING,
    /** An operator has halted it; resumed, it goes on where it was. */
    PAUSED,
    /** An operator has ended it. What has come stays. */
    CANCELLED,
    /** Everything was looked for, and each study is complete, incomplete or skipped. */
    DONE;

    /** As it stands in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
