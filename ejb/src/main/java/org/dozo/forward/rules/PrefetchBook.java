// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.Notices;
import org.dozo.shared.Refreshed;

/** The prefetch rules that are enabled, compiled and at hand; a change is seen as soon as one of the {@link RuleBook}. */
@Singleton
public class PrefetchBook {

    private final Refreshed<List<PrefetchRule>> rules;

    @Inject
    public PrefetchBook(Database database, Notices notices) {
        this.rules = new Refreshed<>(
                () -> database.read(PrefetchRegistry::list).stream()
                        .filter(PrefetchRule::enabled)
                        .toList(),
                Duration.ofSeconds(RuleBook.SECONDS_UNTIL_SEEN),
                RuleBook.PATIENCE,
                notices,
                "changed-prefetch-rules");
    }

    /**
     * By name, as they were at most {@link RuleBook#SECONDS_UNTIL_SEEN} ago; older only while the database does not answer.
     *
     * @throws FailureException {@link Failure#DATABASE_UNAVAILABLE} if they were never read: having no rules is another thing
     */
    public List<PrefetchRule> rules() {
        return rules.get()
                .orElseThrow(() -> new FailureException(
                        Failure.DATABASE_UNAVAILABLE,
                        "The prefetch rules can't be read from the database, or one of them can't be understood;"
                                + " /api/prefetch says which"));
    }

    /** Makes {@link #rules} ask the database anew, here and on the other nodes. */
    public void forget() {
        rules.forget();
    }
}
