// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.dozo.access.NamedDestination;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A DICOMweb service that is called: STOW-RS, PS3.18 §10.5, and QIDO-RS, §10.6. Redirections are not followed: what an operator has
 * entered is what is called. Thread-safe.
 */
final class DicomWebService {

    private static final String JSON = "application/dicom+json";
    private static final int MOST_ANSWERED = 16 << 20;
    private static final int PAGE = 500;
    private static final int MOST_PAGES = 1000;
    /** The least that a service must take, in bytes a second, or a request is given up. */
    private static final long SLOWEST = 32 << 10;

    private static final long GLANCE_MILLIS = 50;

    private final NamedDestination destination;
    private final HttpClient client;
    private final CarrierSettings timeouts;
    private final Secret secret;

    /** @param secrets the directory of the files that hold them */
    DicomWebService(NamedDestination destination, HttpClient client, CarrierSettings timeouts, Path secrets) {
        this.destination = destination;
        this.client = client;
        this.timeouts = timeouts;
        this.secret = new Secret(destination, secrets, "user:password, or Bearer and a token");
    }

    /** @throws IOException if it needs a secret, and that can't be read: saying what to do */
    void requireSecret() throws IOException {
        if (!destination.secret().isEmpty()) {
            authorization();
        }
    }

    /**
     * Stores files by one request.
     *
     * @throws IOException if no answer came; {@link #broken} says whether one of the files could not be read
     */
    HttpResponse<byte[]> store(List<OutgoingFile> files) throws IOException, InterruptedException {
        String boundary = "dozo-" + UUID.randomUUID();
        Progress progress = new Progress();
        Queue<MultipartFiles> bodies = new ConcurrentLinkedQueue<>();
        // Made a second time if the client tries again on another connection.
        HttpRequest.BodyPublisher stream = HttpRequest.BodyPublishers.ofInputStream(() -> {
            MultipartFiles body = new MultipartFiles(boundary, files, progress::add);
            bodies.add(body);
            return body;
        });
        long length = MultipartFiles.length(boundary, files);
        HttpRequest request = request("/studies")
                .header("Content-Type", MultipartFiles.contentType(boundary))
                .POST(length < 0 ? stream : HttpRequest.BodyPublishers.fromPublisher(stream, length))
                .build();
        try {
            return exchange(request, progress);
        } finally {
            // The client leaves them open if it is told to stop.
            for (MultipartFiles each : bodies) {
                each.close();
            }
        }
    }

    /** That of the files which could not be read to its end; null if it was none of theirs fault. */
    static @Nullable OutgoingFile broken(List<OutgoingFile> files) {
        return files.stream().filter(file -> file.fault() != null).findFirst().orElse(null);
    }

    /**
     * Asks for a single study.
     *
     * @return HTTP status, which may say that it can't be queried
     * @throws IOException if it does not answer, or refuses to talk with us
     */
    int probe() throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get("/studies?limit=1");
        // Who stores and can't be queried says so, and lives.
        int status = answer.statusCode();
        if (status == 401 || status == 403 || isBroken(status)) {
            throw refusal(status);
        }
        return status;
    }

    /**
     * The instances of a series that it has, by their SOP Instance UIDs; empty if it can't be asked.
     *
     * @throws IOException if it does not answer
     */
    Optional<Set<String>> instances(String study, String series) throws IOException, InterruptedException {
        Set<String> found = new HashSet<>();
        for (int page = 0; page < MOST_PAGES; page++) {
            HttpResponse<byte[]> answer = get("/studies/" + encoded(study) + "/series/" + encoded(series)
                    + "/instances?limit=" + PAGE + "&offset=" + page * PAGE);
            if (answer.statusCode() == 204) {
                return Optional.of(found);
            }
            if (answer.statusCode() == 404 && isQueryable()) {
                return Optional.of(found);
            }
            if (isBroken(answer.statusCode())) {
                throw refusal(answer.statusCode());
            }
            if (answer.statusCode() != 200 && answer.statusCode() != 206) {
                return Optional.empty();
            }
            boolean news = false;
            List<Dataset> matches = StowAnswer.read(answer.body());
            for (Dataset match : matches) {
                news |= found.add(match.getString(Tag.SOP_INSTANCE_UID, ""));
            }
            // Some heed neither limit nor offset.
            if (!news) {
                return Optional.of(found);
            }
        }
        return Optional.of(found);
    }

    /** 501 is a service's answer as good as any: it does not do that. */
    private static boolean isBroken(int status) {
        return status >= 500 && status != 501;
    }

    private boolean isQueryable() throws IOException, InterruptedException {
        int status = get("/studies?limit=1").statusCode();
        return status == 200 || status == 204 || status == 206;
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return exchange(request(path).GET().build(), new Progress());
    }

    private static String encoded(String uid) {
        return URLEncoder.encode(uid, StandardCharsets.UTF_8);
    }

    IOException refusal(int status) {
        String remedy = switch (status) {
            case 401, 403 -> "check the destination's secret";
            case 404, 405 -> "check the destination's address: it is the base URL, to which /studies is added";
            default -> "look at the service's log";
        };
        return new IOException(destination.name() + " answered HTTP " + status + ". Remedy: " + remedy);
    }

    private HttpRequest.Builder request(String path) throws IOException {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(destination.address() + path)).header("Accept", JSON);
        if (!destination.secret().isEmpty()) {
            builder.header("Authorization", authorization());
        }
        return builder;
    }

    private String authorization() throws IOException {
        String text = secret.read();
        return text.startsWith("Basic ") || text.startsWith("Bearer ")
                ? text
                : "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** When the service gave the last sign of life, and how much it has taken. */
    private static final class Progress {
        private final long startNanos = System.nanoTime();
        private final AtomicLong lastNanos = new AtomicLong(startNanos);
        private final AtomicLong bytes = new AtomicLong();

        void add(long count) {
            bytes.addAndGet(count);
            lastNanos.set(System.nanoTime());
        }

        /** @param patience between two signs of life */
        boolean isOver(Duration patience) {
            long now = System.nanoTime();
            Duration allowed = patience.plusSeconds(bytes.get() / SLOWEST);
            return now - lastNanos.get() > patience.toNanos() || now - startNanos > 2 * allowed.toNanos();
        }
    }

    /** With a body of 16 MiB at most. No state of it, nor all of them together, can last for ever. */
    private HttpResponse<byte[]> exchange(HttpRequest request, Progress progress)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_ANSWERED));
        try {
            while (true) {
                try {
                    return answer.get(GLANCE_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (progress.isOver(timeouts.response())) {
                        throw new HttpTimeoutException(destination.name() + " has not answered in time"
                                + " (forward.response-timeout). Remedy: look what it does");
                    }
                }
            }
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            String reason = cause == null || cause.getMessage() == null ? "the connection failed" : cause.getMessage();
            throw new IOException(destination.name() + " can't be reached: " + reason, cause);
        } finally {
            // Closes the connection of what has not come to an end.
            answer.cancel(true);
        }
    }
}
