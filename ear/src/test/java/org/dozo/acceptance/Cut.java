// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A node of a local cluster that reaches neither the database nor the other nodes: what it sends and what is sent to it on their ports is
 * dropped, by nftables. Only ports of this cluster are touched. Wants root.
 */
final class Cut implements AutoCloseable {

    private final String table;

    private Cut(String table) {
        this.table = table;
    }

    static Cut of(DozoNode cluster, int node) throws IOException, InterruptedException {
        String ports = Stream.concat(
                        Stream.of(cluster.databasePort(), cluster.databasePort() + 1),
                        IntStream.rangeClosed(1, cluster.nodes())
                                .map(each -> cluster.clusterPort() + 100 * each)
                                .boxed()
                                .flatMap(port -> Stream.of(port, port + 1)))
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        Cut cut = new Cut("dozo_drill_" + cluster.databasePort());
        Runtime.getRuntime().addShutdownHook(new Thread(cut::healQuietly));
        String address = "127.0.1." + node;
        Shell.run("nft", """
                table ip %s {
                  chain input {
                    type filter hook input priority 0;
                    ip saddr %s tcp dport { %s } counter drop
                    ip saddr %s tcp sport { %s } counter drop
                    ip daddr %s tcp sport { %s } counter drop
                    ip daddr %s tcp dport { %s } counter drop
                  }
                }""".formatted(cut.table, address, ports, address, ports, address, ports, address, ports))
                .orFail();
        return cut;
    }

    /** That it has held something back: else nothing was rehearsed. */
    void assertBit() throws IOException, InterruptedException {
        String counters = Shell.run("nft", "list table ip " + table).orFail().output();
        assertTrue(counters.matches("(?s).*packets [1-9].*"), counters);
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
