// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service that has some of S3, and the faults that it is told to have. */
final class FakeS3 implements AutoCloseable {

    /** What is wrong with it. */
    enum Fault {
        /** It keeps other bytes than it was given. */
        DAMAGES,
        /** It heeds no If-None-Match. */
        OVERWRITES,
        KEEPS_WHAT_IS_TO_BE_REMOVED,
        /** Its tags are as long as an MD5, and none: as with keys of a KMS. */
        TELLS_NO_DIGEST,
        /** It says that it encrypts, whatever is asked. */
        ENCRYPTS_ITS_OWN_WAY
    }

    final Map<String, byte[]> kept = new ConcurrentHashMap<>();
    /** Which encryption it was asked for, with each object that it was to write; empty for none. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    final Set<Fault> faults = EnumSet.noneOf(Fault.class);

    private final HttpServer server;

    FakeS3() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String key = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        byte[] found = kept.get(key);
        switch (exchange.getRequestMethod()) {
            case "PUT" -> put(exchange, key, body);
            case "DELETE" -> {
                boolean kept = faults.contains(Fault.KEEPS_WHAT_IS_TO_BE_REMOVED);
                if (!kept) {
                    this.kept.remove(key);
                }
                send(exchange, kept ? 403 : 204, new byte[0]);
            }
            case "HEAD", "GET" -> {
                if (exchange.getRequestURI().getQuery() != null) {
                    send(exchange, 200, "<ListBucketResult/>".getBytes(StandardCharsets.US_ASCII));
                } else if (found == null) {
                    send(exchange, 404, new byte[0]);
                } else {
                    describe(exchange, found);
                    send(exchange, 200, found);
                }
            }
            default -> send(exchange, 405, new byte[0]);
        }
    }

    private void put(HttpExchange exchange, String key, byte[] body) throws IOException {
        String encryption = exchange.getRequestHeaders().getFirst("x-amz-server-side-encryption");
        asked.add(encryption == null ? "" : encryption);
        boolean conditional = exchange.getRequestHeaders().containsKey("If-None-Match");
        if (conditional && kept.containsKey(key) && !faults.contains(Fault.OVERWRITES)) {
            send(exchange, 412, new byte[0]);
            return;
        }
        if (faults.contains(Fault.DAMAGES)) {
            body[body.length / 2] ^= 1;
        }
        kept.put(key, body);
        describe(exchange, body);
        send(exchange, 200, new byte[0]);
    }

    private void describe(HttpExchange exchange, byte[] object) {
        String tag = md5(faults.contains(Fault.TELLS_NO_DIGEST) ? new byte[0] : object);
        exchange.getResponseHeaders().set("ETag", "\"" + tag + "\"");
        if (faults.contains(Fault.ENCRYPTS_ITS_OWN_WAY)) {
            exchange.getResponseHeaders().set("x-amz-server-side-encryption", "AES256");
        }
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", "" + body.length);
        }
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
