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

/**
 * The rules that are enabled, compiled and at hand. A change is seen here at once, on other nodes as soon as its notice gets there, and
 * within {@value #SECONDS_UNTIL_SEEN} seconds in any case.
 */
@Singleton
public class RuleBook {

    /** The longest a change made on another node stays unseen while the database answers. */
    public static final int SECONDS_UNTIL_SEEN = 3;

    /** How long whoever asks for rules waits for the database. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Refreshed<List<Rule>> rules;

    @Inject
    public RuleBook(Database database, Notices notices) {
        this(database, notices, Duration.ofSeconds(SECONDS_UNTIL_SEEN), PATIENCE);
    }

    /**
     * @param lifetime how old the rules may be before they are read again
     * @param patience how long {@link #rules} waits for the database
     */
    RuleBook(Database database, Notices notices, Duration lifetime, Duration patience) {
        this.rules = new Refreshed<>(
                () -> database.read(RuleRegistry::list).stream()
                        .filter(Rule::enabled)
                        .toList(),
                lifetime,
                patience,
                notices,
                "changed-rules");
    }

    /**
     * By name, as they were at most {@link #SECONDS_UNTIL_SEEN} ago; older only while the database does not answer.
     *
     * @throws FailureException {@link Failure#DATABASE_UNAVAILABLE} if they were never read: having no rules is another thing
     */
    public List<Rule> rules() {
        return rules.get()
                .orElseThrow(() -> new FailureException(
                        Failure.DATABASE_UNAVAILABLE,
                        "The forwarding rules can't be read from the database, or one of them can't be understood;"
                                + " /api/rules says which"));
    }

    /** Makes {@link #rules} ask the database anew, here and on the other nodes. */
    public void forget() {
        rules.forget();
    }
}
