// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Compares what was acknowledged with what database and volumes hold, reading every byte of every file:
 *
 * <ul>
 *   <li>LOST: acknowledged, but without a row of these bytes, or with fewer good files than {@code min-copies}
 *   <li>TORN: a recorded good copy whose file is missing, short, or has other bytes
 *   <li>DUP: the same instance or the same content twice
 *   <li>PHANTOM: recorded, but never sent
 *   <li>ORPHAN: a file that is not recorded
 * </ul>
 */
final class Checker {

    private static final Duration HEALING = Duration.ofSeconds(60);
    private static final int PREAMBLE = 128;

    private final Holdings archive;
    private final Map<String, Set<String>> rows = new HashMap<>();
    private final Map<String, Integer> goodFiles = new HashMap<>();
    private final Set<Path> recorded = new HashSet<>();
    private final Set<String> lost = new TreeSet<>();
    private final List<String> torn = new ArrayList<>();
    private final List<String> twice = new ArrayList<>();
    private final List<String> phantoms = new ArrayList<>();
    private final List<String> orphans = new ArrayList<>();

    private Checker(Holdings archive) {
        this.archive = archive;
    }

    /** Waits, as long as healing may take, for a state without leftovers, then judges it. */
    static Verdict check(Holdings archive) throws IOException, SQLException {
        long deadline = System.nanoTime() + HEALING.toNanos();
        while (true) {
            Verdict verdict = look(archive);
            if (verdict.isClean() || System.nanoTime() > deadline) {
                return verdict;
            }
            LockSupport.parkNanos(500_000_000);
        }
    }

    /** Judges at once. */
    static Verdict look(Holdings archive) throws IOException, SQLException {
        return new Checker(archive).judge();
    }

    private Verdict judge() throws IOException, SQLException {
        try (Connection connection = archive.database();
                Statement statement = connection.createStatement()) {
            readRows(statement);
            readTwice(statement);
        }
        archive.sent()
                .acknowledged()
                .forEach((uid, digests) -> digests.forEach(digest -> {
                    boolean hasRow = rows.getOrDefault(uid, Set.of()).contains(digest);
                    if (!hasRow || goodFiles.getOrDefault(uid + digest, 0) < archive.minCopies()) {
                        lost.add(uid + (hasRow ? " has too few copies" : " has no row"));
                    }
                }));
        rows.keySet().stream().filter(uid -> !archive.sent().isAttempted(uid)).forEach(phantoms::add);
        for (Path volume : archive.volumes().values()) {
            findOrphans(volume);
        }
        return new Verdict(archive.sent().acknowledged().size(), List.copyOf(lost), torn, twice, phantoms, orphans);
    }

    private void readRows(Statement statement) throws SQLException, IOException {
        try (ResultSet found = statement.executeQuery("""
                SELECT i.sop_instance_uid, o.data_set_sha256, o.data_set_offset, o.data_set_length, v.name, c.path, c.state
                FROM instance i
                LEFT JOIN stored_object o ON o.instance_fk = i.id
                LEFT JOIN object_copy c ON c.object_fk = o.id
                LEFT JOIN volume v ON v.id = c.volume_fk""")) {
            while (found.next()) {
                readCopy(found);
            }
        }
    }

    private void readCopy(ResultSet row) throws SQLException, IOException {
        String uid = row.getString(1);
        byte[] sha256 = row.getBytes(2);
        String path = row.getString(6);
        if (sha256 == null || path == null) {
            torn.add(uid + " is recorded without object or copy");
            return;
        }
        String digest = HexFormat.of().formatHex(sha256);
        rows.computeIfAbsent(uid, key -> new HashSet<>()).add(digest);
        Path root = archive.volumes().get(row.getString(5));
        if (root == null) {
            torn.add(uid + " is on a volume that is not configured: " + row.getString(5));
            return;
        }
        Path file = root.resolve(path);
        recorded.add(file);
        String fault = fault(file, row.getInt(3), row.getLong(4), sha256);
        if (fault.isEmpty()) {
            goodFiles.merge(uid + digest, 1, Integer::sum);
        } else if (row.getString(7).equals("GOOD")) {
            torn.add(uid + ": " + file + " " + fault);
        }
    }

    /** What is wrong with a file; empty if nothing is. */
    private static String fault(Path file, int offset, long length, byte[] sha256) throws IOException {
        if (!Files.isRegularFile(file)) {
            return "is missing";
        }
        if (Files.size(file) != offset + length) {
            return "has %d bytes, not %d".formatted(Files.size(file), offset + length);
        }
        MessageDigest digest = SentObjects.sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(offset);
            for (int i = 0; i < PREAMBLE; i++) {
                if (head[i] != 0) {
                    return "has a preamble";
                }
            }
            if (head[128] != 'D' || head[129] != 'I' || head[130] != 'C' || head[131] != 'M') {
                return "has no DICM prefix";
            }
            new DigestInputStream(in, digest).transferTo(java.io.OutputStream.nullOutputStream());
        }
        return Arrays.equals(digest.digest(), sha256) ? "" : "has other bytes";
    }

    private void readTwice(Statement statement) throws SQLException {
        try (ResultSet found = statement.executeQuery("""
                SELECT i.sop_instance_uid FROM instance i JOIN stored_object o ON o.instance_fk = i.id
                GROUP BY 1, o.data_set_sha256, o.transfer_syntax_uid HAVING count(*) > 1
                UNION ALL SELECT sop_instance_uid FROM instance GROUP BY 1 HAVING count(*) > 1
                UNION ALL SELECT study_instance_uid FROM study GROUP BY 1 HAVING count(*) > 1
                UNION ALL SELECT patient_id FROM patient WHERE patient_id <> '' GROUP BY 1, issuer HAVING count(*) > 1
                UNION ALL SELECT i.sop_instance_uid FROM instance i LEFT JOIN stored_object o
                  ON o.instance_fk = i.id AND o.state = 'CURRENT' GROUP BY 1 HAVING count(o.id) <> 1""")) {
            while (found.next()) {
                twice.add(found.getString(1));
            }
        }
    }

    private void findOrphans(Path volume) throws IOException {
        if (!Files.isDirectory(volume)) {
            return;
        }
        try (Stream<Path> files = Files.walk(volume)) {
            files.filter(file -> Files.isRegularFile(file)
                            && !file.getFileName().toString().equals(".dozo-volume")
                            && !file.getFileName().toString().startsWith("probe-")
                            && !recorded.contains(file))
                    .forEach(file -> orphans.add(file.toString()));
        } catch (java.io.UncheckedIOException e) {
            // A file went away while we looked: recovery is at work, and we look again.
            orphans.add(String.valueOf(e.getMessage()));
        }
    }
}
