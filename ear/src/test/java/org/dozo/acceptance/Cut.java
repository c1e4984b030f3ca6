// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Packets of a local cluster's nodes that are dropped by nftables until it is closed: between nodes, and between nodes and database.
 * Only ports of this cluster are touched. Wants root.
 */
final class Cut implements AutoCloseable {

    private static final String NODES = "127.0.1.0/24";

    private final String table;

    private Cut(String table) {
        this.table = table;
    }

    /** The node reaches neither the database nor the other nodes, and they don't reach it. */
    static Cut of(DozoNode cluster, int node) throws IOException, InterruptedException {
        String ports = ports(Stream.concat(databasePorts(cluster), nodePorts(cluster)));
        String address = address(node);
        return begin(
                cluster,
                "drop",
                "ip saddr %s tcp dport %s".formatted(address, ports),
                "ip saddr %s tcp sport %s".formatted(address, ports),
                "ip daddr %s tcp sport %s".formatted(address, ports),
                "ip daddr %s tcp dport %s".formatted(address, ports));
    }

    /** No node reaches the database; nothing is heard of it. */
    static Cut ofDatabase(DozoNode cluster) throws IOException, InterruptedException {
        return betweenNodesAnd(ports(databasePorts(cluster)), cluster, "");
    }

    /** No node reaches the database: it is refused, as by a machine on which none runs. */
    static Cut refusingDatabase(DozoNode cluster) throws IOException, InterruptedException {
        return begin(
                cluster,
                "reject with tcp reset",
                "ip saddr %s tcp dport %s".formatted(NODES, ports(databasePorts(cluster))));
    }

    /** Three of ten packets between the nodes, and between nodes and database, are lost. */
    static Cut lossy(DozoNode cluster) throws IOException, InterruptedException {
        return betweenNodesAnd(
                ports(Stream.concat(databasePorts(cluster), nodePorts(cluster))), cluster, " numgen random mod 10 < 3");
    }

    /** What the node sends to the others is dropped, not what they send to it. */
    static Cut oneWay(DozoNode cluster, int node) throws IOException, InterruptedException {
        String ports = ports(nodePorts(cluster));
        return begin(
                cluster,
                "drop",
                "ip saddr %s ip daddr != %s tcp dport %s".formatted(address(node), address(node), ports),
                "ip saddr %s ip daddr != %s tcp sport %s".formatted(address(node), address(node), ports));
    }

    /** No node hears another; each reaches the database. */
    static Cut apart(DozoNode cluster) throws IOException, InterruptedException {
        return betweenNodesAnd(ports(nodePorts(cluster)), cluster, "");
    }

    private static Cut betweenNodesAnd(String ports, DozoNode cluster, String which)
            throws IOException, InterruptedException {
        return begin(
                cluster,
                "drop",
                "ip saddr %s tcp dport %s%s".formatted(NODES, ports, which),
                "ip daddr %s tcp sport %s%s".formatted(NODES, ports, which));
    }

    private static String address(int node) {
        return "127.0.1." + node;
    }

    private static Stream<Integer> databasePorts(DozoNode cluster) {
        return Stream.of(cluster.pair().port(), cluster.pair().port() + 1);
    }

    private static Stream<Integer> nodePorts(DozoNode cluster) {
        return IntStream.rangeClosed(1, cluster.nodes())
                .map(node -> cluster.clusterPort() + 100 * node)
                .boxed()
                .flatMap(port -> Stream.of(port, port + 1));
    }

    private static String ports(Stream<Integer> ports) {
        return ports.map(String::valueOf).collect(Collectors.joining(", ", "{ ", " }"));
    }

    /** @param matches which packets, each as an expression of nftables */
    private static Cut begin(DozoNode cluster, String verdict, String... matches)
            throws IOException, InterruptedException {
        Cut cut = new Cut("dozo_drill_" + cluster.pair().port());
        Runtime.getRuntime().addShutdownHook(new Thread(cut::healQuietly));
        String rules = Stream.of(matches)
                .map(match -> "    " + match + " counter " + verdict + "\n")
                .collect(Collectors.joining());
        Shell.run("nft", """
                table ip %s {
                  chain input {
                    type filter hook input priority 0;
                %s  }
                }""".formatted(cut.table, rules)).orFail();
        return cut;
    }

    /** That it has held something back: else nothing was rehearsed. */
    void assertBit() throws IOException, InterruptedException {
        String counters = Shell.run("nft", "list table ip " + table).orFail().output();
        if (!counters.matches("(?s).*packets [1-9].*")) {
            throw new AssertionError("Nothing was held back: " + counters);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Shell.run("nft", "delete table ip " + table).orFail();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The table " + table + " of nftables may be left");
        }
    }

    private void healQuietly() {
        try {
            Shell.run("nft", "delete table ip " + table);
        } catch (IOException | InterruptedException e) {
            System.err.println("The table " + table + " of nftables may be left: nft delete table ip " + table);
        }
    }
}
