// SPDX-License-Identifier: Apache-2.0
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Peer;
import org.dozo.dicom.Priority;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.StoreOperation;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.outbound.AssociationRequestor;
import org.dozo.dicom.outbound.RequestorSettings;

/**
 * Measures what a rule costs ingest, how fast is forwarded what waits, and how soon an emergency is delivered while routine work waits.
 *
 * <pre>java -cp … ForwardBench JDBC-URL HTTP-URL AE-TITLE DICOM-PORT RECEIVED QUEUED OBJECTS</pre>
 *
 * The peer BENCH keeps what it gets in the directory RECEIVED; OBJECTS of 512 KiB are a round of ingest, QUEUED small ones of as many studies
 * wait in the background. The password of the superuser postgres is in DOZO_DATABASE_PASSWORD.
 */
final class ForwardBench {

    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    private static final TransferSyntax SYNTAX = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;
    private static final int THREADS = 4;
    private static final int ROUNDS = 3;
    private static final int LARGE = 512 << 10;
    private static final int SMALL = 8 << 10;
    private static final int URGENT = 100;
    private static final String RULE = "{\"name\":\"bench\",\"when\":\"instance\",\"condition\":\"modality = CT\","
            + "\"destinations\":[\"BENCH\"],\"priority\":5,\"enabled\":true}";

    private final HttpClient http = HttpClient.newHttpClient();
    /** Each run has its own. */
    private final String root = "2.25." + System.currentTimeMillis();
    private final Connection database;
    private final String api;
    private final Peer node;
    private final Path received;
    private int studies;

    private ForwardBench(Connection database, String api, Peer node, Path received) {
        this.database = database;
        this.api = api;
        this.node = node;
        this.received = received;
    }

    public static void main(String[] arguments) throws Exception {
        try (Connection connection = QueryLoad.superuser(arguments[0]).getConnection()) {
            Peer node = new Peer(arguments[2], "127.0.0.1", Integer.parseInt(arguments[3]), false);
            new ForwardBench(connection, arguments[1] + "/api/", node, Path.of(arguments[4]))
                    .run(Integer.parseInt(arguments[5]), Integer.parseInt(arguments[6]));
        }
    }

    private void run(int queued, int objects) throws Exception {
        ask("POST", "jobs/resume", "{\"kind\":\"forward\"}");
        ask("DELETE", "rules/bench", "");
        ingest(THREADS, objects / 3, LARGE);
        double[] without = new double[ROUNDS];
        double[] with = new double[ROUNDS];
        post("jobs/pause", "{\"kind\":\"forward\",\"reason\":\"bench\"}");
        for (int round = 0; round < ROUNDS; round++) {
            ask("DELETE", "rules/bench", "");
            without[round] = ingest(THREADS, objects, LARGE);
            post("rules", RULE);
            with[round] = ingest(THREADS, objects, LARGE);
        }
        double plain = median(without);
        print("ingest without a rule %.0f objects/s, with one %.0f: it costs %.0f %%%n", plain, median(with), 100 * (1 - median(with) / plain));

        await("arrivals are put to the rule", "SELECT count(*) FROM job WHERE kind = 'arrival'", 0);
        long waiting = number("SELECT count(*) FROM delivery_item WHERE state = 'QUEUED'");
        long start = System.nanoTime();
        post("jobs/resume", "{\"kind\":\"forward\"}");
        await("all is sent", "SELECT count(*) FROM delivery_item WHERE state = 'QUEUED'", 0);
        double forwarded = waiting / ((System.nanoTime() - start) / 1e9);
        print("forwarded %d objects, %.0f objects/s: %.0f %% of ingest%n", waiting, forwarded, 100 * forwarded / plain);

        post("jobs/pause", "{\"kind\":\"forward\",\"reason\":\"bench\"}");
        ingest(THREADS, queued, SMALL);
        await("arrivals are put to the rule", "SELECT count(*) FROM job WHERE kind = 'arrival'", 0);
        urgent();
        await("all is sent", "SELECT count(*) FROM delivery_item WHERE state = 'QUEUED'", 0);
        ask("DELETE", "rules/bench", "");
    }

    /** The time from the end of C-STORE until the peer's file is there. */
    private void urgent() throws Exception {
        long before = number("SELECT count(*) FROM job WHERE kind = 'forward'");
        post("jobs/resume", "{\"kind\":\"forward\"}");
        List<Double> millis = new ArrayList<>();
        try (DicomConnection connection = open()) {
            for (int i = 0; i < URGENT && number("SELECT count(*) FROM job WHERE kind = 'forward'") > URGENT; i++) {
                String uid = root + ".9." + i;
                store(connection, object(root + ".8." + i, uid, SMALL, "STAT"), uid);
                long stored = System.nanoTime();
                Path file = received.resolve("CT." + uid);
                while (!Files.exists(file)) {
                    if (System.nanoTime() - stored > 60e9) {
                        throw new IllegalStateException("STAT object " + i + " was not delivered within 60 s");
                    }
                    Thread.sleep(1);
                }
                millis.add((System.nanoTime() - stored) / 1e6);
            }
        }
        double[] sorted = millis.stream().mapToDouble(each -> each).sorted().toArray();
        print("STAT, %d objects while %d routine jobs wait (%d at its end): p50 %.0f, p95 %.0f, p99 %.0f ms%n", sorted.length, before,
                number("SELECT count(*) FROM job WHERE kind = 'forward'"), percentile(sorted, 50), percentile(sorted, 95), percentile(sorted, 99));
    }

    private static double percentile(double[] sorted, int percent) {
        return sorted.length == 0 ? Double.NaN : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }

    /** Small objects are a study each, large ones a study for all of a thread. */
    private double ingest(int threads, int objects, int size) throws Exception {
        long start = System.nanoTime();
        try (ExecutorService senders = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                String study = root + ".1." + ++studies;
                int mine = objects / threads;
                futures.add(senders.submit(() -> {
                    try (DicomConnection connection = open()) {
                        for (int i = 0; i < mine; i++) {
                            String uid = study + "." + i;
                            store(connection, object(size == SMALL ? uid + ".1" : study, uid, size, "ROUTINE"), uid);
                        }
                    }
                    return mine;
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
        return objects / ((System.nanoTime() - start) / 1e9);
    }

    private DicomConnection open() throws Exception {
        return new AssociationRequestor(RequestorSettings.DEFAULT).open(node, "BENCHSRC", List.of(new ProposedContext(CT, List.of(SYNTAX.uid()))));
    }

    private static void store(DicomConnection connection, Dataset object, String uid) throws Exception {
        DimseStatus status = connection.store(
                new StoreOperation(CT, uid, SYNTAX.uid(), Priority.MEDIUM), new ByteArrayInputStream(DatasetWriter.toBytes(object, SYNTAX)));
        if (status.code() != 0) {
            throw new IllegalStateException("An object was not stored: " + status);
        }
    }

    private static Dataset object(String study, String uid, int size, String priority) {
        byte[] pixels = new byte[size];
        new Random(uid.hashCode()).nextBytes(pixels);
        return new Dataset()
                .setString(Tag.SOP_CLASS_UID, VR.UI, CT)
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, uid)
                .setString(Tag.MODALITY, VR.CS, "CT")
                .setString(Tag.PATIENT_NAME, VR.PN, "Bench^Forward")
                .setString(Tag.PATIENT_ID, VR.LO, study)
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, study)
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, study + ".1")
                .setString(Tag.REQUESTED_PROCEDURE_PRIORITY, VR.SH, priority)
                .setBytes(Tag.PIXEL_DATA, VR.OW, pixels);
    }

    private void await(String what, String sql, long wanted) throws Exception {
        long start = System.nanoTime();
        while (number(sql) != wanted) {
            if (System.nanoTime() - start > 600e9) {
                throw new IllegalStateException("Not within 10 min: " + what + "; now " + number(sql));
            }
            Thread.sleep(50);
        }
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void post(String path, String body) throws Exception {
        HttpResponse<String> answer = ask("POST", path, body);
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    private HttpResponse<String> ask(String method, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(api + path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
