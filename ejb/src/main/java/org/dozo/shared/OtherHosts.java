// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.util.HostSpec;

/**
 * The hosts of the database's URL, asked beside the pool whether one of them is ahead: a node that was away while a standby was
 * promoted would take the old primary for the right one.
 *
 * <p><em>Pitfalls:</em> a host that does not answer within {@link #PATIENCE} is not waited for, and counts as none.
 */
final class OtherHosts {

    private static final Logger LOG = Logger.getLogger(OtherHosts.class.getName());

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Answers are as good as new for so long. */
    private static final long GOOD_FOR = Duration.ofSeconds(1).toNanos();

    private final String url;
    private final @Nullable String user;
    private final @Nullable String password;
    private final String[] names;
    private final int[] ports;

    private boolean asked;
    private long askedAt;

    /** @param url as the pool has it, with one host or several */
    OtherHosts(String url, @Nullable String user, @Nullable String password) {
        this.url = url;
        this.user = user;
        this.password = password;
        PGSimpleDataSource all = new PGSimpleDataSource();
        all.setUrl(url);
        this.names = all.getServerNames();
        this.ports = all.getPortNumbers();
    }

    /** A primary, and which history it writes. */
    record Answer(HostSpec host, DatabaseHistory history) {}

    /**
     * What is ahead of this history, which {@code host} writes; empty if nothing is, as far as hosts answer, or if they were asked a
     * moment ago. Those who call meanwhile wait.
     */
    synchronized Optional<Answer> ahead(HostSpec host, DatabaseHistory history) {
        if (asked && System.nanoTime() - askedAt < GOOD_FOR) {
            return Optional.empty();
        }
        Answer newest = new Answer(host, history);
        for (int at = 0; at < names.length; at++) {
            if (!names[at].equals(host.getHost()) || ports[at] != host.getPort()) {
                Answer answer = ask(names[at], ports[at]).orElse(newest);
                newest = answer.history().isAfter(newest.history()) ? answer : newest;
            }
        }
        asked = true;
        askedAt = System.nanoTime();
        return newest.history().equals(history) ? Optional.empty() : Optional.of(newest);
    }

    private Optional<Answer> ask(String name, int port) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setServerNames(new String[] {name});
        source.setPortNumbers(new int[] {port});
        source.setUser(user);
        source.setPassword(password);
        // Of a host that it found to be a standby the driver would remember that, and not try it for a while.
        source.setTargetServerType("any");
        source.setConnectTimeout((int) PATIENCE.toSeconds());
        source.setLoginTimeout((int) PATIENCE.toSeconds());
        source.setSocketTimeout((int) PATIENCE.toSeconds());
        try (Connection connection = source.getConnection()) {
            return DatabaseHistory.ask(connection).map(history -> new Answer(new HostSpec(name, port), history));
        } catch (SQLException e) {
            LOG.log(Level.FINE, "No answer of " + name + ":" + port, e);
            return Optional.empty();
        }
    }
}
