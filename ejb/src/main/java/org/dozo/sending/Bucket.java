// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Pattern;
import org.dozo.access.NamedDestination;
import org.dozo.access.S3Options;
import org.dozo.shared.Bytes;
import org.dozo.storage.Sha256;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * A bucket of S3 that objects are brought to, under their {@link FileName}s after the destination's prefix. Each goes by one request
 * that says its SHA-256 and MD5, so that the service refuses torn bytes, and that it is to be written only where nothing is. What was
 * brought is compared with the digest that the service computed when it took it, or, where it tells none, read again. Nothing but the configured service is called, with
 * nobody's keys but those in the secret's file. Thread-safe.
 */
final class Bucket implements FilePlace {

    /** What a probe writes, once: the right to write is seen by it. */
    static final String MARKER = "dozo-destination";

    /** Of one PUT, as Amazon has it. */
    private static final long LARGEST = 5L << 30;

    private static final Pattern SECRET = Pattern.compile("([^:\\s]+):(\\S+)");

    private final NamedDestination destination;
    private final CarrierSettings timeouts;
    private final Secret secret;
    private final String bucket;
    private final String prefix;
    private final S3Faults faults;
    private final S3Client client;

    /**
     * @param secrets the directory of the files that hold them
     * @param timers for requests that take too long
     */
    Bucket(NamedDestination destination, CarrierSettings timeouts, Path secrets, ScheduledExecutorService timers) {
        this.destination = destination;
        this.timeouts = timeouts;
        this.secret = new Secret(destination, secrets, "one line, ACCESS-KEY:SECRET-KEY");
        URI address = URI.create(destination.address());
        String path = address.getPath();
        this.bucket = String.valueOf(address.getRawAuthority());
        this.prefix = path.isEmpty() ? "" : path.substring(1) + "/";
        this.faults = new S3Faults(destination, bucket);
        this.client = client(destination.s3(), timers);
    }

    private S3Client client(S3Options options, ScheduledExecutorService timers) {
        Region region = Region.of(options.region());
        // Given even where it is the usual one: else the environment of the process could name another.
        URI endpoint = options.endpoint().isEmpty()
                ? URI.create("https://" + S3Client.serviceMetadata().endpointFor(region))
                : URI.create(options.endpoint());
        return S3Client.builder()
                .region(region)
                .endpointOverride(endpoint)
                .forcePathStyle(options.pathStyle())
                .credentialsProvider(this::credentials)
                .defaultsMode(DefaultsMode.STANDARD)
                .crossRegionAccessEnabled(false)
                .disableS3ExpressSessionAuth(true)
                // Ours are given with each request, and as plain headers: not every service knows trailers.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(
                        service -> service.chunkedEncodingEnabled(false).expectContinueEnabled(false))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(timeouts.connect())
                        .socketTimeout(timeouts.response())
                        .proxyConfiguration(ProxyConfiguration.builder()
                                .useEnvironmentVariablesValues(false)
                                .build()))
                .overrideConfiguration(common -> common.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .scheduledExecutorService(timers)
                        .defaultProfileFile(ProfileFile.aggregator().build()))
                .build();
    }

    private AwsCredentials credentials() {
        try {
            String text = secret.read();
            var keys = SECRET.matcher(text);
            if (!keys.matches()) {
                throw secret.malformed("is not an access key and a secret key with : between");
            }
            return AwsBasicCredentials.create(keys.group(1), keys.group(2));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void probe() throws IOException {
        list();
        writeSmall(prefix + MARKER, new byte[0]);
    }

    @Override
    public String trial() throws IOException {
        return new BucketTrial(this, prefix, destination).run();
    }

    /** Whether it was written: not if something is there. */
    boolean writeSmall(String key, byte[] bytes) throws IOException {
        try {
            client.putObject(
                    writing(key, bytes.length, Bytes.of(Sha256.start().digest(bytes)), BucketObject.md5(bytes))
                            .build(),
                    RequestBody.fromBytes(bytes));
            return true;
        } catch (SdkException | UncheckedIOException e) {
            if (S3Faults.status(e) == 412) {
                return false;
            }
            throw faults.explained(e);
        }
    }

    /** Whether we may. */
    boolean remove(String key) throws IOException {
        try {
            client.deleteObject(request ->
                    request.bucket(bucket).key(key).overrideConfiguration(call -> call.apiCallTimeout(patience(0))));
            return true;
        } catch (SdkException | UncheckedIOException e) {
            if (S3Faults.status(e) == 403) {
                return false;
            }
            throw faults.explained(e);
        }
    }

    /** Whether the bucket is there and we may look at it. */
    void list() throws IOException {
        try {
            client.listObjectsV2(request -> request.bucket(bucket)
                    .prefix(prefix)
                    .maxKeys(1)
                    .overrideConfiguration(call -> call.apiCallTimeout(patience(0))));
        } catch (SdkException | UncheckedIOException e) {
            throw faults.explained(e);
        }
    }

    /**
     * An object as it is to be brought.
     *
     * @param length of the whole file, in bytes
     * @param sha256 of the whole file
     * @param md5 of the whole file
     * @param dataSet SHA-256 of its data set
     */
    private record Draft(OutgoingFile object, long length, Bytes sha256, Bytes md5, Bytes dataSet) {

        /** @throws UnsendableException if the object can't be read, or is not what was received */
        static Draft of(OutgoingFile object) throws IOException {
            MessageDigest ofFile = Sha256.start();
            MessageDigest md5 = BucketObject.startMd5();
            byte[] head = object.head();
            OutputStream file =
                    new DigestOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), md5), ofFile);
            file.write(head);
            OutgoingFile.Read dataSet = object.writeDataSet(file);
            return new Draft(
                    object,
                    head.length + dataSet.length(),
                    Bytes.of(ofFile.digest()),
                    Bytes.of(md5.digest()),
                    dataSet.sha256());
        }

        Map<String, String> notes() {
            return BucketObject.notes(sha256, md5, dataSet, object.transferSyntaxUid());
        }
    }

    @Override
    public Bytes bring(OutgoingFile object) throws IOException {
        String key = key(
                object.instance().studyInstanceUid(),
                object.instance().seriesInstanceUid(),
                object.instance().sopInstanceUid());
        Draft draft = Draft.of(object);
        if (draft.length() > LARGEST) {
            throw UnsendableException.forGood(
                    "It has " + draft.length() + " bytes, and S3 takes " + LARGEST + " at most by one request", null);
        }
        Optional<BucketObject> there = head(key);
        if (there.isPresent()) {
            return requireEqual(key, there.get(), draft);
        }
        if (put(key, draft)) {
            return draft.sha256();
        }
        // It came between.
        return requireEqual(key, head(key).orElseThrow(Bucket::gone), draft);
    }

    /** Whether it was written: not if something is there. */
    private boolean put(String key, Draft draft) throws IOException {
        OutgoingFile object = draft.object();
        Queue<InputStream> opened = new ConcurrentLinkedQueue<>();
        RequestBody body = RequestBody.fromContentProvider(
                () -> {
                    try {
                        InputStream bytes = object.bytes();
                        opened.add(bytes);
                        return bytes;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                draft.length(),
                "application/dicom");
        try {
            client.putObject(request(key, draft), body);
            return true;
        } catch (SdkException | UncheckedIOException e) {
            IOException fault = object.fault();
            if (fault != null) {
                throw UnsendableException.forNow(String.valueOf(fault.getMessage()), e);
            }
            if (S3Faults.status(e) == 412) {
                return false;
            }
            throw faults.explained(e);
        } finally {
            for (InputStream each : opened) {
                each.close();
            }
        }
    }

    private PutObjectRequest request(String key, Draft draft) {
        return writing(key, draft.length(), draft.sha256(), draft.md5())
                .contentType("application/dicom")
                .metadata(draft.notes())
                .build();
    }

    /** Where nothing is, and no other bytes than those. */
    private PutObjectRequest.Builder writing(String key, long length, Bytes sha256, Bytes md5) {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(bucket)
                .key(key)
                .ifNoneMatch("*")
                .contentLength(length)
                .contentMD5(base64(md5))
                .checksumSHA256(base64(sha256))
                .overrideConfiguration(call -> call.apiCallTimeout(patience(length)));
        String encryption = destination.s3().encryption();
        return encryption.isEmpty() ? request : request.serverSideEncryption(encryption);
    }

    /** SHA-256 of the whole file that is there, if it is the object that was to be brought. */
    private Bytes requireEqual(String key, BucketObject there, Draft draft) throws IOException {
        Optional<Bytes> whole = there.sha256();
        if (whole.isEmpty() && there.hasMd5(draft.md5())) {
            return draft.sha256();
        }
        if (whole.isEmpty()) {
            whole = readDigest(key);
        }
        Bytes found = whole.orElseThrow(Bucket::gone);
        // Another release of Dozo may have put another head before the same data set.
        if (found.equals(draft.sha256())
                || there.isNoted(found, draft.dataSet(), draft.object().transferSyntaxUid())) {
            return found;
        }
        throw UnsendableException.forGood(
                "Another object is there under its key, " + key
                        + ", and is not overwritten: look at it, and move it away if it is superfluous",
                null);
    }

    private static UnsendableException gone() {
        return UnsendableException.forNow("Something was there under its key for a moment", null);
    }

    @Override
    public Glance glance(String study, String series, String instance, Bytes brought) throws IOException {
        Optional<BucketObject> found = head(key(study, series, instance));
        if (found.isEmpty()) {
            // The same answer is given if the whole bucket is gone.
            list();
            return Glance.AT_NOTHING;
        }
        long length = found.get().length();
        return found.get()
                .sha256()
                .map(digest -> new Glance(digest.equals(brought) ? Found.SAME : Found.ANOTHER, length))
                .orElse(new Glance(Found.UNREAD, length));
    }

    @Override
    public Optional<Bytes> digest(String study, String series, String instance) throws IOException {
        return readDigest(key(study, series, instance));
    }

    private Optional<Bytes> readDigest(String key) throws IOException {
        MessageDigest digest = Sha256.start();
        return read(key, stream -> {
            try (InputStream bytes = new DigestInputStream(stream, digest)) {
                bytes.transferTo(OutputStream.nullOutputStream());
            }
            return Bytes.of(digest.digest());
        });
    }

    interface Reading<T> {
        T read(AbortableInputStream bytes) throws IOException;
    }

    /** Empty if nothing is there. How long it may be silent is bounded here, how long it may take by who calls. */
    <T> Optional<T> read(String key, Reading<T> reading) throws IOException {
        try {
            return Optional.of(client.getObject(
                    GetObjectRequest.builder().bucket(bucket).key(key).build(),
                    (answer, stream) -> reading.read(stream)));
        } catch (SdkException | UncheckedIOException e) {
            if (S3Faults.status(e) == 404) {
                return Optional.empty();
            }
            throw faults.explained(e);
        }
    }

    /** Empty if nothing is there. */
    Optional<BucketObject> head(String key) throws IOException {
        try {
            return Optional.of(new BucketObject(client.headObject(request -> request.bucket(bucket)
                    .key(key)
                    .checksumMode(ChecksumMode.ENABLED)
                    .overrideConfiguration(call -> call.apiCallTimeout(patience(0))))));
        } catch (SdkException | UncheckedIOException e) {
            if (S3Faults.status(e) == 404) {
                return Optional.empty();
            }
            throw faults.explained(e);
        }
    }

    /** @throws UnsendableException if one of the UIDs would lead elsewhere */
    private String key(String study, String series, String instance) throws UnsendableException {
        return prefix + FileName.of(study, series, instance);
    }

    /** One more second for each MiB. */
    private Duration patience(long bytes) {
        return timeouts.response().plusSeconds(bytes >> 20);
    }

    @Override
    public void blame(IOException fault, long bytes) throws IOException {
        if (fault instanceof S3Faults.BusyException) {
            throw fault;
        }
        probe();
    }

    @Override
    public String reason(IOException fault) {
        return String.valueOf(fault.getMessage());
    }

    private static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toArray());
    }
}
