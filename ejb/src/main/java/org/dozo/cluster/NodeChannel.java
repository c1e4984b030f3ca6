// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.sql.DataSource;
import org.jgroups.JChannel;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.JDBC_PING2;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.SYM_ENCRYPT;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;

/**
 * How the nodes find and hear each other: JGroups over TCP, found by rows of the database they share, every message encrypted with a
 * key that only those know who may read that database. The values are ours, not those of a file of the server.
 */
final class NodeChannel {

    /** Silent for so long, a node is suspected; what dies noisily is noticed at once by its closed connection. */
    private static final long SILENCE_MILLIS = 8_000;

    private static final long ALIVE_MILLIS = 2_000;

    /** A sign of being there: waits for no disk and no standby. */
    private static final String SOFT =
            "WITH soft AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)) ";

    private NodeChannel() {}

    /**
     * Not yet connected.
     *
     * @throws SQLException if the database does not give the key
     * @throws Exception as JGroups has it, for instance if the address is not one of this machine
     */
    static JChannel open(ClusterSettings settings, String node, DataSource database) throws Exception {
        return new JChannel(protocols(settings, database, key(database))).name(node);
    }

    private static List<Protocol> protocols(ClusterSettings settings, DataSource database, SecretKey key)
            throws Exception {
        InetAddress address = InetAddress.getByName(settings.bind());
        TCP tcp = new TCP();
        tcp.setBindAddress(address).setBindPort(settings.port()).setPortRange(0);
        tcp.setClientBindAddr(address).setSockConnTimeout(2_000);
        tcp.disableDiagnostics();

        JDBC_PING2 discovery = new JDBC_PING2()
                .setDataSource(database)
                // The table is made by our migrations.
                .setInitializeSql("")
                .setInsertSingleSql(SOFT
                        + "INSERT INTO cluster_member (address, name, cluster, ip, coordinator) SELECT ?, ?, ?, ?, ? FROM soft"
                        + " ON CONFLICT (address) DO UPDATE SET name = excluded.name, ip = excluded.ip,"
                        + " coordinator = excluded.coordinator")
                .setDeleteSingleSql(SOFT + "DELETE FROM cluster_member USING soft WHERE address = ?")
                .setClearSql(SOFT + "DELETE FROM cluster_member USING soft WHERE cluster = ?")
                .setSelectAllPingdataSql("SELECT address, name, ip, coordinator FROM cluster_member WHERE cluster = ?");

        SYM_ENCRYPT encryption = new SYM_ENCRYPT().setSecretKey(key);
        encryption.symAlgorithm("AES/CBC/PKCS5Padding").symIvLength(16);

        List<Protocol> protocols = new ArrayList<>();
        protocols.add(tcp);
        protocols.add(discovery);
        protocols.add(new MERGE3().setMinInterval(2_000).setMaxInterval(6_000));
        protocols.add(new FD_SOCK2().setBindAddress(address).setOffset(1).setPortRange(0));
        protocols.add(new FD_ALL3().setTimeout(SILENCE_MILLIS).setInterval(ALIVE_MILLIS));
        protocols.add(new VERIFY_SUSPECT2().setTimeout(1_000));
        protocols.add(encryption);
        protocols.add(new NAKACK2().useMcastXmit(false));
        protocols.add(new UNICAST3());
        protocols.add(new STABLE());
        protocols.add(new GMS().setJoinTimeout(2_000).printLocalAddress(false));
        protocols.add(new UFC());
        protocols.add(new MFC());
        protocols.add(new FRAG4());
        return protocols;
    }

    private static SecretKey key(DataSource database) throws SQLException, GeneralSecurityException {
        byte[] secret;
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT secret FROM cluster_secret")) {
            if (!row.next()) {
                throw new SQLException("The table cluster_secret has no row: run ./dozo migrate");
            }
            secret = row.getBytes(1);
        }
        return KDF.getInstance("HKDF-SHA256")
                .deriveKey(
                        "AES",
                        HKDFParameterSpec.ofExtract()
                                .addIKM(secret)
                                .thenExpand("dozo cluster channel".getBytes(StandardCharsets.UTF_8), 32));
    }
}
