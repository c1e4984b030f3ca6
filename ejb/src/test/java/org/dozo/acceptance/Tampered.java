// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** Data sources that do not do what they are told, so that a safeguard of the archive's is off. */
final class Tampered {

    private Tampered() {}

    /** Its commits wait for no standby. */
    static DataSource withoutStandby(DataSource real) {
        return source(() -> {
            Connection connection = real.getConnection();
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET synchronous_commit = local");
            }
            return connection;
        });
    }

    /** It gives no connections any more once it is lost. */
    static DataSource untilLost(DataSource real, BooleanSupplier lost) {
        return source(() -> {
            if (lost.getAsBoolean()) {
                throw new SQLException("refused by the test", "08001");
            }
            return real.getConnection();
        });
    }

    /** It keeps to itself what the server warns of: that a commit has not reached the standby. */
    static DataSource withoutWarnings(DataSource real) {
        return source(() -> {
            Connection connection = real.getConnection();
            return proxy(Connection.class, connection, (method, result) -> {
                if (method.equals("getWarnings")) {
                    return null;
                }
                return result instanceof PreparedStatement statement
                        ? proxy(
                                PreparedStatement.class,
                                statement,
                                (name, answer) -> name.equals("getWarnings") ? null : answer)
                        : result;
            });
        });
    }

    /** Its statements are others. */
    static DataSource rewriting(DataSource real, UnaryOperator<String> rewriting) {
        return source(() -> {
            Connection connection = real.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    Tampered.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("prepareStatement")) {
                            arguments[0] = rewriting.apply((String) arguments[0]);
                        }
                        return invoke(connection, method, arguments);
                    });
        });
    }

    @FunctionalInterface
    private interface Connecting {
        Connection connect() throws SQLException;
    }

    private static DataSource source(Connecting connecting) {
        return (DataSource) Proxy.newProxyInstance(
                Tampered.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> connecting.connect());
    }

    @FunctionalInterface
    private interface Answer {
        Object of(String method, Object result);
    }

    private static <T> T proxy(Class<T> type, T real, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                Tampered.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.of(method.getName(), invoke(real, method, arguments))));
    }

    private static Object invoke(Object real, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
