// SPDX-License-Identifier: Apache-2.0
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.PersonName;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.HeaderBlob;
import org.dozo.dicom.io.ObjectScanner;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.index.NameKeys;
import org.dozo.index.NameSounds;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Fills the index for {@code dozo bench query}: rows made directly in the database, 2.5 studies a patient over ten years, three series a
 * study, one instance a series; half of the patients have a Japanese name in three writings. Only into an empty index.
 *
 * <pre>java -cp … tools/QueryLoad.java JDBC-URL STUDIES   (password of the superuser postgres in DOZO_DATABASE_PASSWORD)</pre>
 */
final class QueryLoad {

    static final String[][] JAPANESE_FAMILIES = words("""
            Sato 佐藤 さとう,Suzuki 鈴木 すずき,Takahashi 高橋 たかはし,Tanaka 田中 たなか,Ito 伊藤 いとう,Watanabe 渡辺 わたなべ,
            Yamamoto 山本 やまもと,Nakamura 中村 なかむら,Kobayashi 小林 こばやし,Kato 加藤 かとう,Yoshida 吉田 よしだ,Yamada 山田 やまだ,
            Sasaki 佐々木 ささき,Yamaguchi 山口 やまぐち,Matsumoto 松本 まつもと,Inoue 井上 いのうえ,Kimura 木村 きむら,Hayashi 林 はやし,
            Shimizu 清水 しみず,Yamazaki 山崎 やまざき,Mori 森 もり,Abe 阿部 あべ,Ikeda 池田 いけだ,Hashimoto 橋本 はしもと,
            Ishikawa 石川 いしかわ,Ogawa 小川 おがわ,Okada 岡田 おかだ,Goto 後藤 ごとう,Hasegawa 長谷川 はせがわ,Fujita 藤田 ふじた""");
    static final String[][] JAPANESE_GIVEN = words("""
            Taro 太郎 たろう,Hanako 花子 はなこ,Ichiro 一郎 いちろう,Yoko 洋子 ようこ,Ken 健 けん,Yuki 雪 ゆき,Akira 明 あきら,Emi 恵美 えみ,
            Hiroshi 浩 ひろし,Keiko 恵子 けいこ,Makoto 誠 まこと,Naomi 直美 なおみ,Satoshi 聡 さとし,Tomoko 智子 ともこ,Takeshi 武 たけし,
            Kumiko 久美子 くみこ,Daisuke 大輔 だいすけ,Mayumi 真由美 まゆみ,Kazuo 和夫 かずお,Sachiko 幸子 さちこ""");
    static final String[] SYLLABLES =
            "ba be bi bo da de do fa fi ga ge go ha he ho ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe ra re ri ro sa se so ta te to va ve wa we za"
                    .split(" ");
    static final String[] ENDINGS = "n r s l t ck ng rt nd mann berg ström son sen ski".split(" ");

    private static final int NAMES = 60_000;

    private QueryLoad() {}

    private static String[][] words(String table) {
        List<String[]> rows = new ArrayList<>();
        for (String row : table.replace("\n", "").split(",")) {
            rows.add(row.strip().split(" "));
        }
        return rows.toArray(String[][]::new);
    }

    public static void main(String[] arguments) throws Exception {
        long studies = Long.parseLong(arguments[1]);
        try (Connection connection = superuser(arguments[0]).getConnection()) {
            if (number(connection, "SELECT count(*) FROM (SELECT FROM study LIMIT 1) AS any_study") > 0) {
                System.out.println("The index is filled already");
                return;
            }
            long start = System.nanoTime();
            connection.setAutoCommit(false);
            fill(connection, studies);
            connection.commit();
            connection.setAutoCommit(true);
            step(connection.createStatement(), "statistics", "VACUUM ANALYZE");
            System.out.printf(
                    Locale.ROOT,
                    "%d studies, %d series, %d instances, %d patients in %.0f s%n",
                    number(connection, "SELECT count(*) FROM study"),
                    number(connection, "SELECT count(*) FROM series"),
                    number(connection, "SELECT count(*) FROM instance"),
                    number(connection, "SELECT count(*) FROM patient"),
                    (System.nanoTime() - start) / 1e9);
        }
    }

    static PGSimpleDataSource superuser(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser("postgres");
        source.setPassword(System.getenv("DOZO_DATABASE_PASSWORD"));
        return source;
    }

    static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void fill(Connection connection, long studies) throws Exception {
        long patients = Math.max(1, studies * 2 / 5);
        try (Statement sql = connection.createStatement()) {
            sql.execute("SET session_replication_role = replica");
            sql.execute("SET synchronous_commit = off");
            sql.execute("SET maintenance_work_mem = '256MB'");
            List<String> indexes = new ArrayList<>();
            try (ResultSet rows = sql.executeQuery("""
                    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
                    WHERE indrelid IN ('patient'::regclass, 'study'::regclass, 'series'::regclass, 'instance'::regclass)
                      AND NOT indisunique""")) {
                List<String> names = new ArrayList<>();
                while (rows.next()) {
                    names.add(rows.getString(1));
                    indexes.add(rows.getString(2));
                }
                for (String name : names) {
                    connection.createStatement().execute("DROP INDEX " + name);
                }
            }
            copyNames(connection);
            step(sql, "patients", """
                    INSERT INTO patient (patient_id, family_name, given_name, ideographic_family_name, ideographic_given_name,
                        phonetic_family_name, phonetic_given_name, name_key, ideographic_name_key, phonetic_name_key, name_sounds,
                        birth_date, birth_date_text, sex)
                    SELECT 'P' || lpad(i::text, 8, '0'), n.f, n.g, n.jf, n.jg, n.kf, n.kg, n.key, n.jkey, n.kkey,
                        string_to_array(n.sounds, ' '), DATE '1930-01-01' + (i * 7919 %% 29000)::int,
                        to_char(DATE '1930-01-01' + (i * 7919 %% 29000)::int, 'YYYYMMDD'),
                        CASE WHEN i %% 2 = 0 THEN 'F' ELSE 'M' END
                    FROM generate_series(1::bigint, %d) AS i JOIN bench_name AS n ON n.id = i * 48271 %% %d"""
                    .formatted(patients, NAMES));
            step(sql, "studies", """
                    INSERT INTO study (study_instance_uid, patient_fk, accession_number, study_id, study_date, study_date_text,
                        study_time, study_time_text, description, referring_physician_name, referring_name_key, series_count,
                        instance_count, byte_count)
                    SELECT '1.2.392.200036.9999.' || i, p.first + i * 48271 %% %1$d, 'A' || lpad(i::text, 9, '0'), i::text, d.day,
                        to_char(d.day, 'YYYYMMDD'), d.time, to_char(d.time, 'HH24MISS'),
                        (ARRAY['Chest', 'Abdomen', 'Head', 'Knee', 'Spine', 'Breast screening'])[1 + i %% 6] || ' ' || i %% 17,
                        'Referrer^' || i %% 300, 'referrer^' || i %% 300, 3, 3, 1500000
                    FROM generate_series(1::bigint, %2$d) AS i, (SELECT min(id) AS first FROM patient) AS p,
                        LATERAL (SELECT DATE '2014-01-01' + (i * 3650 / %2$d)::int AS day,
                                        TIME '00:00' + make_interval(secs => i * 7919 %% 86400) AS time) AS d"""
                    .formatted(patients, studies));
            step(sql, "series", """
                    INSERT INTO series (study_fk, series_instance_uid, modality, series_number, series_date, series_date_text,
                        description, body_part, station_name, institution, instance_count, byte_count)
                    SELECT s.id, s.study_instance_uid || '.' || n,
                        CASE WHEN n = 3 AND s.id %% 3 = 0 THEN 'SR' ELSE
                            CASE WHEN m < 350 THEN 'CR' WHEN m < 500 THEN 'DX' WHEN m < 700 THEN 'CT' WHEN m < 820 THEN 'MR'
                                 WHEN m < 920 THEN 'US' WHEN m < 950 THEN 'MG' WHEN m < 970 THEN 'XA' WHEN m < 995 THEN 'NM'
                                 ELSE 'PT' END END,
                        n, s.study_date, s.study_date_text, 'Series ' || n, 'CHEST', 'ST' || s.id %% 40, 'Dozo General Hospital', 1, 500000
                    FROM (SELECT *, id * 7919 %% 1000 AS m FROM study) AS s, generate_series(1, 3) AS n""".formatted());
            byte[] header = header();
            sql.execute("CREATE TEMPORARY TABLE bench_header (header bytea)");
            try (var insert = connection.prepareStatement("INSERT INTO bench_header VALUES (?)")) {
                insert.setBytes(1, header);
                insert.executeUpdate();
            }
            step(sql, "instances", """
                    INSERT INTO instance (sop_instance_uid, series_fk, sop_class_uid, instance_number, image_rows, image_columns, header)
                    SELECT series_instance_uid || '.1', id, '1.2.840.10008.5.1.4.1.1.2', 1, 512, 512, h.header
                    FROM series, bench_header AS h""");
            for (String index : indexes) {
                step(sql, "index", index);
            }
            sql.execute("DROP TABLE bench_name");
        }
    }

    private static void step(Statement sql, String what, String text) throws SQLException {
        long start = System.nanoTime();
        sql.execute(text);
        System.out.printf(Locale.ROOT, "  %-10s %6.1f s%n", what, (System.nanoTime() - start) / 1e9);
    }

    /** What a small object's header is like. */
    private static byte[] header() throws Exception {
        Dataset dataset = new Dataset()
                .setString(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
                .setString(Tag.MANUFACTURER, VR.LO, "Dozo")
                .setString(Tag.PROTOCOL_NAME, VR.LO, "Bench")
                .setString(Tag.KVP, VR.DS, "120");
        byte[] bytes = DatasetWriter.toBytes(dataset, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        return HeaderBlob.encode(ObjectScanner.scan(
                new ByteArrayInputStream(bytes), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, ParseLimits.DEFAULT));
    }

    private static void copyNames(Connection connection) throws Exception {
        connection.createStatement().execute("""
                CREATE UNLOGGED TABLE bench_name (id bigint PRIMARY KEY, f text, g text, jf text, jg text, kf text, kg text,
                    key text, jkey text, kkey text, sounds text)""");
        Random random = new Random(20261122);
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < NAMES; i++) {
            String[] name = name(random, i);
            PersonName person = PersonName.parse(name[0] + "^" + name[1] + "=" + name[2] + "^" + name[3] + "=" + name[4] + "^" + name[5]);
            NameKeys keys = NameKeys.of(person);
            rows.append(i).append('\t').append(String.join("\t", name));
            rows.append('\t').append(keys.alphabetic()).append('\t').append(keys.ideographic());
            rows.append('\t').append(keys.phonetic()).append('\t');
            rows.append(String.join(" ", NameSounds.ofWords(person.toString()))).append('\n');
        }
        new CopyManager(connection.unwrap(BaseConnection.class))
                .copyIn("COPY bench_name FROM STDIN", new StringReader(rows.toString()));
    }

    private static String[] name(Random random, int number) {
        if (number % 2 == 0) {
            String[] family = JAPANESE_FAMILIES[random.nextInt(JAPANESE_FAMILIES.length)];
            String[] given = JAPANESE_GIVEN[random.nextInt(JAPANESE_GIVEN.length)];
            // A second given name, so that there are more than 600 of them.
            String[] second = JAPANESE_GIVEN[random.nextInt(JAPANESE_GIVEN.length)];
            return new String[] {
                family[0], given[0] + second[0].toLowerCase(Locale.ROOT), family[1], given[1] + second[1], family[2], given[2] + second[2]
            };
        }
        return new String[] {latin(random), latin(random), "", "", "", ""};
    }

    private static String latin(Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            name.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
        }
        name.append(ENDINGS[random.nextInt(ENDINGS.length)]);
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}
