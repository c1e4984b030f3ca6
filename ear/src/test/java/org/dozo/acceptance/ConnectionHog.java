// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** A client of the database that takes every connection there is, also those that others have. */
final class ConnectionHog implements AutoCloseable {

    private static final String TOO_MANY = "53300";

    /** More than any cluster of a drill has. */
    private static final int MOST = 500;

    private final DozoNode cluster;
    private final int port;
    private final Deque<Connection> held = new ArrayDeque<>();

    ConnectionHog(DozoNode cluster) throws SQLException, IOException {
        this.cluster = cluster;
        port = (int) cluster.count("SELECT inet_server_port()");
        held.push(cluster.administrator(port));
    }

    /** Until there is none left. While it does, nobody else gets one, else who is ended would be back before it has his place. */
    void takeAll() throws Exception {
        run("ALTER DATABASE dozo CONNECTION LIMIT 0");
        try {
            Await.until("the nodes have no connection", Duration.ofSeconds(20), () -> endOthers() == 0);
            fill();
        } finally {
            run("ALTER DATABASE dozo CONNECTION LIMIT -1");
        }
    }

    /** So long the nodes get none. */
    void keepFor(Duration time) throws SQLException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            if (endOthers() > 0) {
                throw new AssertionError("A node got a connection while all were taken");
            }
            Thread.sleep(200);
        }
    }

    private void run(String sql) throws SQLException {
        try (var statement = held.getLast().createStatement()) {
            statement.execute(sql);
        }
    }

    /** Returns how many the nodes had. */
    private int endOthers() throws SQLException {
        try (var statement = held.getLast().createStatement();
                var ended = statement.executeQuery("SELECT count(pg_terminate_backend(pid, 1000)) FROM pg_stat_activity"
                        + " WHERE application_name LIKE 'dozo-%'")) {
            ended.next();
            return ended.getInt(1);
        }
    }

    private void fill() throws SQLException, IOException {
        while (held.size() < MOST) {
            try {
                held.push(cluster.administrator(port));
            } catch (SQLException e) {
                if (e.getSQLState().equals(TOO_MANY)) {
                    return;
                }
                throw e;
            }
        }
        throw new AssertionError("The database gives more than " + MOST + " connections");
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : held) {
            connection.close();
        }
    }
}
