// SPDX-License-Identifier: Apache-2.0
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;

/** A few lines of connection pool, as the server has one. */
final class Pool implements AutoCloseable {

    private final DataSource source;
    private final ConcurrentLinkedQueue<Connection> idle = new ConcurrentLinkedQueue<>();

    Pool(DataSource source) {
        this.source = source;
    }

    DataSource asDataSource() {
        return (DataSource) java.lang.reflect.Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> lend());
    }

    private Connection lend() throws SQLException {
        Connection pooled = idle.poll();
        Connection real = pooled == null ? source.getConnection() : pooled;
        return (Connection) java.lang.reflect.Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        idle.add(real);
                        return null;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (java.lang.reflect.InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : idle) {
            connection.close();
        }
    }
}
