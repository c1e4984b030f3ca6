// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Matches;
import org.dozo.dicom.Peer;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.outbound.AssociationRequestor;
import org.dozo.dicom.outbound.RequestorSettings;
import org.dozo.query.Page;
import org.dozo.query.QueryLevel;
import org.dozo.query.SortKey;
import org.dozo.query.StudyQuery;

/**
 * Measures queries through a door, with keys drawn from an index that {@code QueryLoad} has filled, by one client and by eight: C-FIND of a
 * peer, which may be an archive that was given the same studies ({@code QueryExport}), or Dozo's QIDO-RS.
 *
 * <pre>java -cp … tools/QueryBench.java JDBC-URL ROUNDS find AE-TITLE HOST PORT | qido URL</pre>
 */
final class QueryBench {

    /** What viewers ask for in a list of studies. */
    private static final int[] STUDY_KEYS = {
        Tag.STUDY_DATE, Tag.STUDY_TIME, Tag.ACCESSION_NUMBER, Tag.MODALITIES_IN_STUDY, Tag.REFERRING_PHYSICIAN_NAME,
        Tag.STUDY_DESCRIPTION, Tag.PATIENT_NAME, Tag.PATIENT_ID, Tag.PATIENT_BIRTH_DATE, Tag.PATIENT_SEX, Tag.STUDY_INSTANCE_UID,
        Tag.STUDY_ID, Tag.NUMBER_OF_STUDY_RELATED_SERIES, Tag.NUMBER_OF_STUDY_RELATED_INSTANCES
    };
    private static final int[] SERIES_KEYS = {
        Tag.MODALITY, Tag.SERIES_NUMBER, Tag.SERIES_DESCRIPTION, Tag.SERIES_INSTANCE_UID, Tag.NUMBER_OF_SERIES_RELATED_INSTANCES
    };
    private static final int[] IMAGE_KEYS = {Tag.SOP_INSTANCE_UID, Tag.SOP_CLASS_UID, Tag.INSTANCE_NUMBER, Tag.ROWS, Tag.COLUMNS};

    private static final Page HUNDRED = new Page(0, 100, List.of());

    private final DataSource source;
    private final Door door;

    private QueryBench(DataSource source, Door door) {
        this.source = source;
        this.door = door;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[1]);
        try (Door door = arguments[2].equals("qido")
                ? new Qido(arguments[3])
                : new Find(new Peer(arguments[3], arguments[4], Integer.parseInt(arguments[5]), false))) {
            new QueryBench(QueryLoad.superuser(arguments[0]), door).run(rounds);
        }
    }

    /** Where questions are asked. Thread-safe. */
    private interface Door extends AutoCloseable {

        /**
         * @param page the first rows in this order; what the door can't limit is cancelled after them
         * @return rows given
         */
        long find(QueryLevel level, Dataset keys, Page page) throws Exception;

        @Override
        void close() throws Exception;
    }

    private interface Question {
        /** @return rows given */
        long ask() throws Exception;
    }

    private void run(int rounds) throws Exception {
        Map<String, Callable<Question>> questions = new LinkedHashMap<>();
        questions.put("patient id", () -> byKey(Tag.PATIENT_ID, VR.LO, "patient_id", "patient"));
        questions.put("accession number", () -> byKey(Tag.ACCESSION_NUMBER, VR.SH, "accession_number", "study"));
        questions.put("day + modality", () -> byDate(0, "CT"));
        questions.put("month + rare modality, page of 100", () -> byDate(30, "XA"));
        questions.put("year + modality, page of 100", () -> byDate(365, "MR"));
        questions.put("name prefix, alphabetic", () -> byName("name_key", 4));
        questions.put("name prefix, kana", () -> byName("phonetic_name_key", 3));
        questions.put("name prefix of three letters, page of 100", this::byShortName);
        questions.put("newest 100 studies", () -> {
            Page newest = new Page(0, 100, List.of(new SortKey(Tag.STUDY_DATE, true)));
            return () -> door.find(QueryLevel.STUDY, keys(STUDY_KEYS), newest);
        });
        questions.put("study UID, series, instances", this::byUid);
        System.out.printf("%-44s %7s %6s %8s %8s %8s%n", "query (ms)", "clients", "rows", "p50", "p95", "p99");
        for (Map.Entry<String, Callable<Question>> question : questions.entrySet()) {
            measure(question.getValue(), 8, Math.min(rounds, 80), new AtomicLong());
            for (int clients : new int[] {1, 8}) {
                AtomicLong rows = new AtomicLong();
                double[] millis = measure(question.getValue(), clients, rounds, rows);
                System.out.printf(
                        Locale.ROOT,
                        "%-44s %7d %6.1f %8.2f %8.2f %8.2f%n",
                        question.getKey(),
                        clients,
                        (double) rows.get() / rounds,
                        percentile(millis, 50),
                        percentile(millis, 95),
                        percentile(millis, 99));
            }
        }
    }

    private static double percentile(double[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    private static double[] measure(Callable<Question> maker, int clients, int rounds, AtomicLong rows) throws Exception {
        List<Question> asked = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            asked.add(maker.call());
        }
        double[] millis = new double[rounds];
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                int round = i;
                running.add(threads.submit(() -> {
                    long start = System.nanoTime();
                    rows.addAndGet(asked.get(round).ask());
                    millis[round] = (System.nanoTime() - start) / 1e6;
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        Arrays.sort(millis);
        return millis;
    }

    // --- questions

    private static Dataset keys(int... tags) {
        Dataset keys = new Dataset().setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192");
        for (int tag : tags) {
            keys.setBytes(tag, Dictionary.vr(tag), new byte[0]);
        }
        return keys;
    }

    /** C-FIND, Study Root, one association a client. */
    private static final class Find implements Door {

        private static final String MODEL = SopClasses.STUDY_ROOT_FIND;

        private final Peer peer;
        private final Queue<DicomConnection> idle = new ConcurrentLinkedQueue<>();

        Find(Peer peer) {
            this.peer = peer;
        }

        @Override
        public long find(QueryLevel level, Dataset keys, Page page) throws IOException {
            DicomConnection pooled = idle.poll();
            DicomConnection connection = pooled == null
                    ? new AssociationRequestor(RequestorSettings.DEFAULT)
                            .open(peer, "BENCH", List.of(new ProposedContext(MODEL, List.of("1.2.840.10008.1.2.1"))))
                    : pooled;
            Counted counted = new Counted(page.limit());
            DimseStatus status = connection.find(MODEL, keys.setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, level.name()), counted);
            if (status.code() != 0 && status.code() != 0xFE00) {
                throw new IOException("C-FIND answered " + status);
            }
            idle.add(connection);
            return counted.count;
        }

        @Override
        public void close() {
            idle.forEach(DicomConnection::release);
        }
    }

    private static final class Counted implements Matches {

        private final long most;
        private long count;

        Counted(int most) {
            this.most = most == 0 ? Long.MAX_VALUE : most;
        }

        @Override
        public void add(Dataset match) {
            count++;
        }

        @Override
        public boolean isCancelled() {
            return count >= most;
        }
    }

    /** QIDO-RS, JSON. */
    private static final class Qido implements Door {

        private static final Pattern MATCH = Pattern.compile("\"0020000D\"");

        private final HttpClient client = HttpClient.newHttpClient();
        private final String base;

        Qido(String base) {
            this.base = base;
        }

        @Override
        public long find(QueryLevel level, Dataset keys, Page page) throws Exception {
            StringJoiner query = new StringJoiner("&", "?", "");
            String path = "/studies";
            for (Element key : keys) {
                String value = keys.getString(key.tag(), "");
                if (key.tag() == Tag.STUDY_INSTANCE_UID && level != QueryLevel.STUDY) {
                    path = "/studies/" + value + "/series";
                } else if (key.tag() == Tag.SERIES_INSTANCE_UID && level == QueryLevel.IMAGE) {
                    path += "/" + value + "/instances";
                } else if (key.tag() == Tag.SPECIFIC_CHARACTER_SET) {
                    continue;
                } else if (value.isEmpty()) {
                    query.add("includefield=%08X".formatted(key.tag()));
                } else {
                    query.add("%08X=%s".formatted(key.tag(), URLEncoder.encode(value, StandardCharsets.UTF_8)));
                }
            }
            if (page.limit() > 0) {
                query.add("limit=" + page.limit());
            }
            page.order().forEach(sort -> query.add("orderby=" + (sort.descending() ? "-" : "") + "%08X".formatted(sort.tag())));
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(base + path + query)).header("Accept", "application/dicom+json").build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() > 204) {
                throw new IOException("QIDO-RS answered " + answer.statusCode() + " to " + path + query);
            }
            return MATCH.matcher(answer.body()).results().count();
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private Question byKey(int tag, VR vr, String column, String table) throws SQLException {
        String value = random(column, table, "");
        return () -> door.find(QueryLevel.STUDY, keys(STUDY_KEYS).setString(tag, vr, value), Page.ALL);
    }

    private Question byDate(int days, String modality) throws SQLException {
        String day = random("study_date_text", "study", "");
        String last = random("to_char(to_date('" + day + "', 'YYYYMMDD') + " + days + ", 'YYYYMMDD')", "study", "");
        Dataset keys = keys(STUDY_KEYS)
                .setString(Tag.STUDY_DATE, VR.DA, day + "-" + last)
                .setString(Tag.MODALITIES_IN_STUDY, VR.CS, modality);
        return () -> door.find(QueryLevel.STUDY, keys, HUNDRED);
    }

    /** The family name, and so many characters of the given one. */
    private Question byName(String column, int characters) throws SQLException {
        String key = random(column, "patient", column + " <> ''");
        int caret = key.indexOf('^');
        String prefix = key.substring(0, Math.min(key.length(), caret + 1 + characters));
        Dataset keys = keys(STUDY_KEYS).setString(Tag.PATIENT_NAME, VR.PN, prefix + "*");
        return () -> door.find(QueryLevel.STUDY, keys, Page.ALL);
    }

    private Question byShortName() throws SQLException {
        String key = random("name_key", "patient", "name_key <> ''");
        Dataset keys = keys(STUDY_KEYS).setString(Tag.PATIENT_NAME, VR.PN, key.substring(0, 3) + "*");
        return () -> door.find(QueryLevel.STUDY, keys, HUNDRED);
    }

    private Question byUid() throws SQLException {
        String uid = random("study_instance_uid", "study", "");
        return () -> {
            long rows = door.find(QueryLevel.STUDY, keys(STUDY_KEYS).setString(Tag.STUDY_INSTANCE_UID, VR.UI, uid), Page.ALL);
            rows += door.find(QueryLevel.SERIES, keys(SERIES_KEYS).setString(Tag.STUDY_INSTANCE_UID, VR.UI, uid), Page.ALL);
            Dataset images = keys(IMAGE_KEYS)
                    .setString(Tag.STUDY_INSTANCE_UID, VR.UI, uid)
                    .setString(Tag.SERIES_INSTANCE_UID, VR.UI, uid + ".1");
            return rows + door.find(QueryLevel.IMAGE, images, Page.ALL);
        };
    }

    /** A value of some row: the first at or behind a random id. */
    private String random(String expression, String table, String condition) throws SQLException {
        String where = condition.isEmpty() ? "" : " AND " + condition;
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT " + expression + " FROM " + table
                        + " WHERE id >= 1 + ? * (SELECT max(id) - 10 FROM " + table + ")" + where + " ORDER BY id LIMIT 1")) {
            statement.setDouble(1, ThreadLocalRandom.current().nextDouble());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
