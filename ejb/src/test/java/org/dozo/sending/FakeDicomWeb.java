// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.io.Part10;

/** A DICOMweb service that takes objects, or fails as it is told. Thread-safe. */
public final class FakeDicomWeb implements AutoCloseable {

    private static final String JSON = "application/dicom+json";

    /** Digests of the data sets by SOP Instance UID, of what was taken. */
    public final Map<String, String> digests = new ConcurrentHashMap<>();

    private final Map<String, byte[]> came = new ConcurrentHashMap<>();

    /** The SOP Instance UIDs of each request. */
    public final List<List<String>> requests = new CopyOnWriteArrayList<>();

    public final List<String> authorizations = new CopyOnWriteArrayList<>();

    /** Failure Reason by SOP Instance UID; 0 for none. */
    public final Map<String, Integer> refuses = new ConcurrentHashMap<>();

    /** Requests that are answered with this status alone; 0 for none. */
    public volatile int status;

    /** What makes the connection end without an answer. */
    public volatile Predicate<List<String>> breaks = uids -> false;

    /** What is taken is filed, so that a query finds it. */
    public volatile Predicate<String> files = uid -> true;

    public volatile boolean queryable = true;
    public final AtomicInteger hanging = new AtomicInteger();

    private volatile boolean hangs;
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    public FakeDicomWeb() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/dicom-web/studies", this::handle);
        server.start();
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/dicom-web";
    }

    /** The last file of an instance. */
    public byte[] came(String uid) {
        return came.getOrDefault(uid, new byte[0]);
    }

    /** From now on whoever calls gets no answer. */
    public void hang() {
        hangs = true;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (hangs) {
                hanging.incrementAndGet();
                over.await();
                return;
            }
            authorizations.add(exchange.getRequestHeaders()
                    .getOrDefault("Authorization", List.of(""))
                    .getFirst());
            if (exchange.getRequestMethod().equals("POST")) {
                store(exchange);
            } else {
                find(exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void store(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        Map<String, String> all = new TreeMap<>();
        for (byte[] part : parts(body, type.replaceFirst(".*boundary=", ""))) {
            read(part, all);
        }
        requests.add(List.copyOf(all.keySet()));
        if (breaks.test(List.copyOf(all.keySet()))) {
            return;
        }
        if (status != 0) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        List<String> taken = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        all.forEach((uid, digest) -> {
            int reason = refuses.getOrDefault(uid, 0);
            if (reason == 0) {
                digests.put(uid, digest);
                taken.add("{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"" + uid + "\"]}}");
            } else {
                refused.add("{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"" + uid
                        + "\"]},\"00081197\":{\"vr\":\"US\",\"Value\":[" + reason + "]}}");
            }
        });
        List<String> sequences = new ArrayList<>();
        if (!taken.isEmpty()) {
            sequences.add("\"00081199\":{\"vr\":\"SQ\",\"Value\":[" + String.join(",", taken) + "]}");
        }
        if (!refused.isEmpty()) {
            sequences.add("\"00081198\":{\"vr\":\"SQ\",\"Value\":[" + String.join(",", refused) + "]}");
        }
        answer(
                exchange,
                refused.isEmpty() ? 200 : taken.isEmpty() ? 409 : 202,
                "{" + String.join(",", sequences) + "}");
    }

    private void read(byte[] part, Map<String, String> all) {
        try (Part10 file = Part10.open(new ByteArrayInputStream(part));
                InputStream dataSet = file.dataSet()) {
            MessageDigest digest = org.dozo.storage.Sha256.start();
            digest.update(dataSet.readAllBytes());
            String uid = file.meta().getString(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID, "");
            all.put(uid, HexFormat.of().formatHex(digest.digest()));
            came.put(uid, part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In Latin 1 every byte is a character. */
    private static List<byte[]> parts(byte[] body, String boundary) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        List<byte[]> parts = new ArrayList<>();
        String mark = "--" + boundary;
        int at = text.indexOf(mark);
        while (!text.startsWith("--", at + mark.length())) {
            int start = text.indexOf("\r\n\r\n", at) + 4;
            at = text.indexOf("\r\n" + mark, start) + 2;
            parts.add(text.substring(start, at - 2).getBytes(StandardCharsets.ISO_8859_1));
        }
        return parts;
    }

    /** All that there is, on the first page. */
    private void find(HttpExchange exchange) throws IOException {
        if (!queryable) {
            exchange.sendResponseHeaders(501, -1);
            return;
        }
        if (!exchange.getRequestURI().getQuery().endsWith("offset=0")) {
            answer(exchange, 200, "[]");
            return;
        }
        answer(
                exchange,
                200,
                digests.keySet().stream()
                        .filter(uid -> files.test(uid))
                        .map(uid -> "{\"00080018\":{\"vr\":\"UI\",\"Value\":[\"" + uid + "\"]}}")
                        .collect(Collectors.joining(",", "[", "]")));
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", JSON);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
