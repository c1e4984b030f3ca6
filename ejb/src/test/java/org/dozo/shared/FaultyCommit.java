// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/** A data source whose next commit goes wrong on the way, or that has no connections at all. */
public final class FaultyCommit {

    /** What happens. */
    public enum Fault {
        NONE,
        /** The server commits, and its answer is lost. */
        ANSWER_LOST,
        /** The commit is lost, and the server notices that the client is gone. */
        COMMIT_LOST,
        /** The commit is lost, and the server does not notice: the transaction stays open until {@link #hangUp}. */
        COMMIT_STUCK,
        /** No connection to be had, until told otherwise; what has one goes on. */
        DOWN,
        /** Every commit waits, until told otherwise. */
        HELD
    }

    private final DataSource real;
    private Fault next = Fault.NONE;
    private Fault later = Fault.NONE;
    private int commitsUntilLater;
    private final AtomicReference<Connection> stuck = new AtomicReference<>();

    public FaultyCommit(DataSource real) {
        this.real = real;
    }

    /** From now on until the next commit, unless the fault lasts until told otherwise. */
    public synchronized void next(Fault fault) {
        next = fault;
        notifyAll();
    }

    /** The same once so many commits have been begun: no test need be quick enough to see them go by. */
    public synchronized void afterCommits(int commits, Fault fault) {
        commitsUntilLater = commits;
        later = fault;
    }

    /** Whether this is what the next commit, or the next connection, will meet. */
    public synchronized boolean isNext(Fault fault) {
        return next == fault;
    }

    /** The fault of the commit that begins now. */
    private synchronized Fault take() throws InterruptedException {
        while (next == Fault.HELD) {
            wait();
        }
        Fault fault = next;
        if (fault != Fault.DOWN) {
            next = Fault.NONE;
        }
        if (commitsUntilLater > 0 && --commitsUntilLater == 0) {
            next = later;
        }
        return fault;
    }

    public DataSource asDataSource() {
        return (DataSource) Proxy.newProxyInstance(
                FaultyCommit.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (isNext(Fault.DOWN)) {
                        throw new SQLException("refused by the test", "08001");
                    }
                    return wrap(real.getConnection());
                });
    }

    private Connection wrap(Connection connection) {
        AtomicBoolean held = new AtomicBoolean();
        return (Connection) Proxy.newProxyInstance(
                FaultyCommit.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        Fault fault = take();
                        held.set(fault == Fault.COMMIT_STUCK);
                        commit(connection, fault);
                        return null;
                    }
                    boolean closing =
                            method.getName().equals("close") || method.getName().equals("abort");
                    if (closing && held.get()) {
                        return null;
                    }
                    try {
                        Object result = method.invoke(connection, arguments);
                        return result instanceof PreparedStatement statement
                                        && arguments[0].toString().contains("INSERT")
                                ? wrap(statement, connection, held)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** A query that changes something and runs outside of a transaction commits itself. */
    private PreparedStatement wrap(PreparedStatement statement, Connection connection, AtomicBoolean held) {
        return (PreparedStatement) Proxy.newProxyInstance(
                FaultyCommit.class.getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                (proxy, method, arguments) -> {
                    try {
                        boolean commits = method.getName().equals("executeQuery") && connection.getAutoCommit();
                        Fault fault = commits ? take() : Fault.NONE;
                        if (fault == Fault.NONE || fault == Fault.DOWN) {
                            return method.invoke(statement, arguments);
                        }
                        connection.setAutoCommit(false);
                        statement.executeQuery();
                        held.set(fault == Fault.COMMIT_STUCK);
                        commit(connection, fault);
                        throw new AssertionError("The fault did not happen");
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void commit(Connection connection, Fault fault) throws SQLException {
        switch (fault) {
            case ANSWER_LOST -> {
                connection.commit();
                connection.close();
            }
            case COMMIT_LOST -> connection.close();
            case COMMIT_STUCK -> stuck.set(connection);
            default -> {
                connection.commit();
                return;
            }
        }
        throw new SQLException("cut by the test", "08006");
    }

    /** Ends the stuck transaction, committed or not. */
    public void hangUp(boolean committed) throws SQLException {
        try (Connection connection = stuck.getAndSet(null)) {
            if (committed) {
                connection.commit();
            } else {
                connection.rollback();
            }
        }
    }
}
