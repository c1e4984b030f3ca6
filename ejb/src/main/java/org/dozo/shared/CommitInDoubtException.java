// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.sql.SQLException;
import java.sql.SQLWarning;
import org.jspecify.annotations.Nullable;

/**
 * A commit was sent, and nothing certain was heard of it: the transaction may be committed, here only or everywhere, or not at all.
 *
 * <p><em>Pitfalls:</em> neither success nor "rolled back" may be concluded. Nothing that the transaction refers to may be deleted
 * before its outcome was looked up.
 */
public final class CommitInDoubtException extends SQLException {

    private static final long serialVersionUID = 1L;

    public CommitInDoubtException(String message, @Nullable Throwable cause) {
        // 08007: transaction resolution unknown
        super(message, "08007", cause);
    }

    /** Whether it is committed on the server that answered, but maybe nowhere else. */
    public boolean isUnreplicated() {
        return getCause() instanceof SQLWarning;
    }
}
