// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.dozo.acceptance.S3Server;
import org.dozo.access.DestinationKind;
import org.dozo.access.NamedDestination;
import org.dozo.access.S3Options;
import org.dozo.dicom.io.DataSetRewrite;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.index.StoredInstance;
import org.dozo.shared.Bytes;
import org.dozo.storage.Sha256;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Buckets of a real S3 service; what such a service may do wrong comes from a web server that is told to. */
@Timeout(120)
class BucketIT {

    private static final String UID = "1.2.7";
    private static final String OTHER_UID = "1.2.8";
    private static final String KEY = UID + "/" + UID + ".1/" + UID + ".1.1.dcm";
    private static final byte[] DATA_SET = "the data set".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TORN = "the data seT".getBytes(StandardCharsets.US_ASCII);
    private static final CarrierSettings TIMEOUTS = new CarrierSettings(Duration.ofSeconds(5), Duration.ofSeconds(10));

    @TempDir
    private static Path directory;

    private static S3Server server;
    private static int names;

    private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(1);
    private String name;
    private Path secrets;

    @BeforeAll
    static void startServer() throws Exception {
        server = S3Server.start(directory);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void makeBucket() throws IOException {
        name = "bucket-" + ++names;
        Files.createDirectory(server.bucket(name));
        secrets = Files.createDirectories(directory.resolve("secrets-" + name));
        secret(S3Server.ACCESS_KEY + ":" + S3Server.SECRET_KEY);
    }

    @AfterEach
    void close() {
        timers.shutdownNow();
    }

    private void secret(String text) throws IOException {
        Files.writeString(secrets.resolve("cloud"), text + "\n");
    }

    private Bucket bucket() {
        return bucket("s3://" + name, server.endpoint(), TIMEOUTS);
    }

    private Bucket bucket(String address, String endpoint, CarrierSettings timeouts) {
        return bucket(address, endpoint, timeouts, "");
    }

    private Bucket bucket(String address, String endpoint, CarrierSettings timeouts, String encryption) {
        NamedDestination destination = new NamedDestination(
                "CLOUD",
                DestinationKind.S3,
                address,
                "cloud",
                "",
                new S3Options(endpoint, "us-east-1", true, encryption));
        return new Bucket(destination, timeouts, secrets, timers);
    }

    private static OutgoingFile object(byte[] dataSet) {
        return object(dataSet, reading -> dataSet);
    }

    /** An object whose record is that of {@link #DATA_SET}; each reading of it gives what is said. */
    private static OutgoingFile object(IntFunction<byte[]> readings) {
        return object(DATA_SET, readings);
    }

    private static OutgoingFile object(byte[] recorded, IntFunction<byte[]> readings) {
        AtomicInteger count = new AtomicInteger();
        ObjectSender sender = new ObjectSender(null, null, ParseLimits.DEFAULT) {
            @Override
            WatchedStream dataSet(StoredInstance instance, @Nullable DataSetRewrite rewrite) {
                return new WatchedStream(new ByteArrayInputStream(readings.apply(count.incrementAndGet())));
            }
        };
        StoredInstance instance = new StoredInstance(
                1,
                1,
                UID,
                UID + ".1",
                UID + ".1.1",
                "1.2.840.10008.5.1.4.1.1.2",
                "1.2.840.10008.1.2.1",
                "name",
                List.of(),
                0,
                recorded.length,
                Bytes.of(Sha256.start().digest(recorded)),
                Instant.EPOCH);
        return new OutgoingFile(instance, instance.transferSyntaxUid(), null, sender);
    }

    private static byte[] file() throws IOException {
        try (InputStream bytes = object(reading -> DATA_SET).bytes()) {
            return bytes.readAllBytes();
        }
    }

    private static Bytes sha256(byte[] bytes) {
        return Bytes.of(Sha256.start().digest(bytes));
    }

    private FilePlace.Found look(Bucket bucket, Bytes brought) throws IOException {
        return bucket.glance(UID, UID + ".1", UID + ".1.1", brought).found();
    }

    /** Somebody else writes there. */
    private void write(String key, byte[] bytes) {
        try (S3Client client = S3Client.builder()
                .endpointOverride(java.net.URI.create(server.endpoint()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(S3Server.ACCESS_KEY, S3Server.SECRET_KEY)))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            client.putObject(request -> request.bucket(name).key(key), RequestBody.fromBytes(bytes));
        }
    }

    @Test
    void anObjectIsBroughtUnderItsPrefixBitForBitAndItsDigestIsTold() throws IOException {
        Bucket bucket = bucket("s3://" + name + "/pacs/dozo", server.endpoint(), TIMEOUTS);
        bucket.probe();
        assertEquals(FilePlace.Found.NOTHING, look(bucket, sha256(file())));
        assertEquals(sha256(file()), bucket.bring(object(reading -> DATA_SET)));
        assertArrayEquals(
                file(),
                Files.readAllBytes(server.bucket(name).resolve("pacs/dozo").resolve(KEY)));
        assertEquals(FilePlace.Found.SAME, look(bucket, sha256(file())));
        assertEquals(FilePlace.Found.ANOTHER, look(bucket, sha256(TORN)));
        bucket.probe();
    }

    @Test
    void whatIsThereIsNotSentAgainAndAnotherObjectIsNeverOverwritten() throws IOException {
        Bucket bucket = bucket();
        bucket.bring(object(reading -> DATA_SET));
        AtomicInteger readings = new AtomicInteger();
        assertEquals(sha256(file()), bucket.bring(object(reading -> {
            readings.set(reading);
            return DATA_SET;
        })));
        assertEquals(1, readings.get(), "only to know its digest");
        write(KEY, TORN);
        UnsendableException refused =
                assertThrows(UnsendableException.class, () -> bucket.bring(object(reading -> DATA_SET)));
        assertTrue(refused.isLasting() && String.valueOf(refused.getMessage()).contains(KEY), refused.getMessage());
        assertArrayEquals(TORN, Files.readAllBytes(server.bucket(name).resolve(KEY)));
        assertEquals(FilePlace.Found.UNREAD, look(bucket, sha256(file())), "it is not our work");
        assertEquals(Optional.of(sha256(TORN)), bucket.digest(UID, UID + ".1", UID + ".1.1"));
    }

    /** Between the look whether something is there and the writing. */
    @Test
    void whatComesBetweenIsNotOverwrittenEither() throws IOException {
        Bucket bucket = bucket();
        assertThrows(
                UnsendableException.class,
                () -> bucket.bring(object(reading -> {
                    if (reading == 2) {
                        write(KEY, TORN);
                    }
                    return DATA_SET;
                })));
        assertArrayEquals(TORN, Files.readAllBytes(server.bucket(name).resolve(KEY)));
    }

    @Test
    void theSameBytesOfSomebodyElseAreTheObject() throws IOException {
        write(KEY, file());
        assertEquals(sha256(file()), bucket().bring(object(reading -> DATA_SET)));
    }

    @Test
    void bytesThatAreTornOnTheirWayAreRefusedByTheService() {
        UnsendableException refused = assertThrows(
                UnsendableException.class, () -> bucket().bring(object(reading -> reading == 1 ? DATA_SET : TORN)));
        assertFalse(refused.isLasting());
        assertTrue(String.valueOf(refused.getMessage()).contains("did not come as they were sent"), refused.toString());
        assertFalse(Files.exists(server.bucket(name).resolve(KEY)));
    }

    @Test
    void aDamagedCopyIsNotBrought() {
        UnsendableException refused =
                assertThrows(UnsendableException.class, () -> bucket().bring(object(reading -> TORN)));
        assertTrue(String.valueOf(refused.getMessage()).contains("damaged"), refused.toString());
        assertFalse(Files.exists(server.bucket(name).resolve(KEY)));
    }

    private static void assertSays(String words, IOException refused) {
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains(words), message);
        assertTrue(message.contains("Remedy: "), message);
        assertFalse(message.contains(UID), message);
    }

    @Test
    void aWrongKeyAMissingBucketAndAMissingFileAreNamedWithTheirRemedies() throws IOException {
        secret(S3Server.ACCESS_KEY + ":wrong");
        IOException refused = assertThrows(IOException.class, () -> bucket().probe());
        assertSays("correct the access key and the secret key in the file secrets/destinations/cloud", refused);
        assertFalse(message(refused).contains("wrong"));
        assertThrows(IOException.class, () -> bucket().bring(object(reading -> DATA_SET)));
        secret("AKIANOBODY:" + S3Server.SECRET_KEY);
        assertSays("InvalidAccessKeyId", assertThrows(IOException.class, () -> bucket().probe()));
        secret("no colon");
        IOException malformed = assertThrows(IOException.class, () -> bucket().probe());
        assertSays("ACCESS-KEY:SECRET-KEY", malformed);
        assertFalse(message(malformed).contains("no colon"));
        Files.delete(secrets.resolve("cloud"));
        assertSays("secrets-" + name, assertThrows(IOException.class, () -> bucket().probe()));
        secret(S3Server.ACCESS_KEY + ":" + S3Server.SECRET_KEY);
        Bucket gone = bucket("s3://never-made", server.endpoint(), TIMEOUTS);
        assertSays("create the bucket never-made", assertThrows(IOException.class, gone::probe));
        assertSays("create the bucket never-made", assertThrows(IOException.class, () -> look(gone, sha256(file()))));
        assertThrows(IOException.class, () -> gone.blame(new IOException("any"), 0));
    }

    @ParameterizedTest
    @CsvSource({
        "301, PermanentRedirect, is not in the region us-east-1 of this endpoint: correct the destination's region; to eu-west-9",
        "307, TemporaryRedirect, redirections are not followed",
        "400, AuthorizationHeaderMalformed, is not in the region us-east-1",
        "403, AccessDenied, let them s3:ListBucket; s3:GetObject and s3:PutObject in the bucket",
        "403, RequestTimeTooSkewed, set the clocks",
        "501, NotImplemented, If-None-Match",
        "503, SlowDown, it is busy or full",
        "507, XMinioStorageFull, it is busy or full",
    })
    void whatAServiceRefusesIsNamedAndNoRedirectionIsFollowed(int status, String code, String words)
            throws IOException {
        AtomicInteger elsewhere = new AtomicInteger();
        HttpServer other = serve(exchange -> elsewhere.incrementAndGet());
        HttpServer refusing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = ("<Error><Code>" + code + "</Code><Message>" + UID + "</Message></Error>")
                .getBytes(StandardCharsets.US_ASCII);
        refusing.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Location", url(other));
            exchange.getResponseHeaders().set("x-amz-bucket-region", "eu-west-9");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        refusing.start();
        try {
            Bucket bucket = bucket("s3://" + name, url(refusing), TIMEOUTS);
            IOException refused = assertThrows(IOException.class, bucket::probe);
            assertSays(words.replace(';', ','), refused);
            assertEquals(0, elsewhere.get());
            assertThrows(IOException.class, () -> bucket.blame(refused, 0));
        } finally {
            refusing.stop(0);
            other.stop(0);
        }
    }

    private static HttpServer serve(java.util.function.Consumer<com.sun.net.httpserver.HttpExchange> action)
            throws IOException {
        HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        made.createContext("/", exchange -> {
            action.accept(exchange);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        made.start();
        return made;
    }

    private static String url(HttpServer of) {
        return "http://127.0.0.1:" + of.getAddress().getPort();
    }

    @Test
    void whatSpeaksNoTlsIsNamed() {
        Bucket bucket = bucket("s3://" + name, server.endpoint().replace("http:", "https:"), TIMEOUTS);
        assertSays("its TLS fails", assertThrows(IOException.class, bucket::probe));
    }

    private static String message(IOException refused) {
        return String.valueOf(refused.getMessage());
    }

    private static final CarrierSettings IMPATIENT = new CarrierSettings(Duration.ofSeconds(1), Duration.ofSeconds(1));

    @Test
    void aServiceThatAcceptsAndSaysNothingIsGivenUpInTime() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Bucket bucket = bucket("s3://" + name, "http://127.0.0.1:" + silent.getLocalPort(), IMPATIENT);
            long start = System.nanoTime();
            assertSays("can't be reached", assertThrows(IOException.class, bucket::probe));
            assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 10);
        }
    }

    /** It says that nothing is there, and then does not even take the bytes that are sent: more than sockets hold. */
    @Test
    void aServiceThatTakesNoBytesIsGivenUpInTime() throws Exception {
        byte[] large = new byte[12 << 20];
        try (ServerSocket stuck = new ServerSocket()) {
            stuck.setReceiveBufferSize(4096);
            stuck.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            CompletableFuture<String> asked = new CompletableFuture<>();
            List<Socket> held = new CopyOnWriteArrayList<>();
            Thread.startVirtualThread(() -> answerHeadOnly(stuck, asked, held));
            Bucket bucket = bucket("s3://" + name, "http://127.0.0.1:" + stuck.getLocalPort(), IMPATIENT);
            long start = System.nanoTime();
            try {
                // Who hangs in a write hears of no interrupt.
                IOException refused = assertTimeoutPreemptively(
                        Duration.ofSeconds(60),
                        () -> assertThrows(IOException.class, () -> bucket.bring(object(large))));
                assertSays("has not answered in time", refused);
                long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
                assertTrue(seconds >= 12 && seconds < 40, "one second more for each MiB: " + seconds);
                assertTrue(asked.get(1, TimeUnit.SECONDS).startsWith("PUT "), "it had begun to send");
            } finally {
                for (Socket each : held) {
                    each.close();
                }
            }
        }
    }

    private static void answerHeadOnly(ServerSocket server, CompletableFuture<String> put, List<Socket> held) {
        try {
            while (true) {
                Socket socket = server.accept();
                held.add(socket);
                InputStream in = socket.getInputStream();
                StringBuilder request = new StringBuilder();
                while (request.indexOf("\r\n\r\n") < 0) {
                    request.append((char) in.read());
                }
                if (!request.toString().startsWith("HEAD ")) {
                    put.complete(request.toString());
                    continue;
                }
                socket.getOutputStream()
                        .write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                socket.close();
            }
        } catch (IOException e) {
            put.completeExceptionally(e);
        }
    }

    @Test
    void aTrialLeavesNothingAndSaysWhatWasSeen() throws IOException {
        String seen =
                bucket("s3://" + name + "/pacs", server.endpoint(), TIMEOUTS).trial();
        assertTrue(seen.contains("read back and compared") && seen.contains("it was removed"), seen);
        assertTrue(seen.contains("by which deliveries are proved"), seen);
        try (Stream<Path> left = Files.walk(server.bucket(name))) {
            assertEquals(List.of(), left.filter(Files::isRegularFile).toList());
        }
        secret(S3Server.ACCESS_KEY + ":wrong");
        assertSays("correct the access key", assertThrows(IOException.class, () -> bucket().trial()));
    }

    @Test
    void aTrialShowsWhatAServiceDoesWrong() throws IOException {
        try (FakeS3 fake = new FakeS3()) {
            Bucket bucket = bucket("s3://" + name, fake.endpoint(), TIMEOUTS);
            assertTrue(bucket.trial().contains("by which deliveries are proved"));
            fake.faults.add(FakeS3.Fault.TELLS_NO_DIGEST);
            assertTrue(bucket.trial().contains("each object is read again"));
            fake.faults.add(FakeS3.Fault.DAMAGES);
            assertSays("other bytes back than were written", assertThrows(IOException.class, bucket::trial));
            fake.faults.clear();
            fake.faults.add(FakeS3.Fault.OVERWRITES);
            assertSays("overwrites what is there", assertThrows(IOException.class, bucket::trial));
            assertEquals(Map.of(), fake.kept, "whatever came out");
            fake.faults.clear();
            fake.faults.add(FakeS3.Fault.KEEPS_WHAT_IS_TO_BE_REMOVED);
            assertTrue(bucket.trial().contains("stays there"));
            assertEquals(1, fake.kept.size());
        }
    }

    /** As with keys of a KMS: what looks like an MD5 in other services is none there. */
    @Test
    void ofAServiceThatTellsNoDigestWhatIsThereIsRead() throws IOException {
        try (FakeS3 fake = new FakeS3()) {
            fake.faults.add(FakeS3.Fault.TELLS_NO_DIGEST);
            Bucket bucket = bucket("s3://" + name, fake.endpoint(), TIMEOUTS);
            assertEquals(Optional.empty(), bucket.digest(UID, UID + ".1", UID + ".1.1"));
            bucket.bring(object(reading -> DATA_SET));
            assertEquals(FilePlace.Found.UNREAD, look(bucket, sha256(file())));
            assertEquals(Optional.of(sha256(file())), bucket.digest(UID, UID + ".1", UID + ".1.1"));
            assertEquals(sha256(file()), bucket.bring(object(reading -> DATA_SET)), "it is there");
            fake.kept.replaceAll((key, bytes) -> TORN);
            UnsendableException refused =
                    assertThrows(UnsendableException.class, () -> bucket.bring(object(reading -> DATA_SET)));
            assertTrue(refused.isLasting(), refused.toString());
        }
    }

    @Test
    void aTrialShowsThatAServiceDoesNotEncryptAsItIsAsked() throws IOException {
        try (FakeS3 fake = new FakeS3()) {
            for (String wished : List.of("AES256", "aws:kms")) {
                fake.faults.clear();
                Bucket bucket = bucket("s3://" + name, fake.endpoint(), TIMEOUTS, wished);
                assertSays("does not encrypt with " + wished, assertThrows(IOException.class, bucket::trial));
                assertTrue(fake.asked.stream().allMatch(wished::equals), fake.asked.toString());
                fake.asked.clear();
                fake.faults.add(FakeS3.Fault.ENCRYPTS_ITS_OWN_WAY);
                if (wished.equals("AES256")) {
                    bucket.trial();
                } else {
                    assertThrows(IOException.class, bucket::trial);
                }
                bucket.probe();
                bucket.bring(object(reading -> DATA_SET));
                assertTrue(
                        fake.asked.size() == 4 && fake.asked.stream().allMatch(wished::equals), fake.asked.toString());
                fake.asked.clear();
                fake.kept.clear();
            }
        }
    }

    @Test
    void aUidThatLeadsElsewhereIsRefused() {
        assertThrows(UnsendableException.class, () -> bucket().digest("..", UID, OTHER_UID));
    }
}
