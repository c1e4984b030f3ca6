// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.dozo.dicom.DimseStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The checker itself: each kind of damage is planted, and must be found. Only then its zeros mean something. */
@TestInstance(Lifecycle.PER_CLASS)
class CheckerIT {

    private static final String TOO_FEW = " has too few copies";
    private static final String NO_ROW = " has no row";
    private static final int PIXELS = 5000;

    private DozoNode node;
    private int objects;
    private String uid;

    @BeforeAll
    void start() throws Exception {
        node = DozoNode.create("checker").volumes("a", "b").set("storage.min-copies", "2");
        node.up();
    }

    @AfterAll
    void end() throws IOException {
        node.close();
    }

    /** Each damage is done to an object of its own, in a study of its own. */
    @BeforeEach
    void store() throws Exception {
        String study = "2.25.77." + ++objects;
        uid = study + ".1.1";
        try (Sender sender = Sender.open(node)) {
            assertEquals(DimseStatus.SUCCESS, sender.store(TestObject.ct(study, study + ".1", uid, PIXELS)));
        }
        assertTrue(Checker.look(node).isClean(), "before the damage");
    }

    @Test
    void aDeletedFileIsLostAndTorn() throws Exception {
        Path file = file();
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        assertFound(
                List.of(uid + TOO_FEW), List.of(uid + ": " + file + " is missing"), List.of(), List.of(), List.of());
        Files.write(file, bytes);
    }

    @Test
    void aTruncatedFileIsLostAndTorn() throws Exception {
        Path file = file();
        byte[] bytes = Files.readAllBytes(file);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(bytes.length - 1);
        }
        assertFound(
                List.of(uid + TOO_FEW),
                List.of("%s: %s has %d bytes, not %d".formatted(uid, file, bytes.length - 1, bytes.length)),
                List.of(),
                List.of(),
                List.of());
        Files.write(file, bytes);
    }

    @Test
    void oneOtherBitIsLostAndTorn() throws Exception {
        Path file = file();
        byte[] bytes = Files.readAllBytes(file);
        flipBit(file, bytes.length - 1);
        assertFound(
                List.of(uid + TOO_FEW),
                List.of(uid + ": " + file + " has other bytes"),
                List.of(),
                List.of(),
                List.of());
        Files.write(file, bytes);
    }

    @Test
    void aPreambleThatIsNotEmptyIsTorn() throws Exception {
        Path file = file();
        byte[] bytes = Files.readAllBytes(file);
        flipBit(file, 0);
        assertFound(
                List.of(uid + TOO_FEW),
                List.of(uid + ": " + file + " has a preamble"),
                List.of(),
                List.of(),
                List.of());
        Files.write(file, bytes);
    }

    @Test
    void aFileThatNobodyRecordedIsAnOrphan() throws Exception {
        Path file = Files.write(file().resolveSibling("0123456789abcdef0123456789abcdef.dcm"), new byte[200]);
        assertFound(List.of(), List.of(), List.of(), List.of(), List.of(file.toString()));
        Files.delete(file);
    }

    @Test
    void anObjectWithoutRowsIsLostAndItsFilesAreOrphans() throws Exception {
        Path first = file();
        Path second = file("b");
        sql(
                "CREATE TABLE kept_copy AS SELECT c.* FROM object_copy c WHERE " + OF_UID.formatted("c.object_fk", uid),
                "DELETE FROM object_copy c WHERE " + OF_UID.formatted("c.object_fk", uid));
        assertFound(
                List.of(uid + NO_ROW),
                List.of(uid + " is recorded without object or copy"),
                List.of(),
                List.of(),
                List.of(first.toString(), second.toString()));
        sql("INSERT INTO object_copy SELECT * FROM kept_copy", "DROP TABLE kept_copy");
    }

    @Test
    void anAcknowledgementOfNothingIsLost() throws Exception {
        String never = uid + ".9";
        node.sent().acknowledge(never, "00");
        assertFound(List.of(never + NO_ROW), List.of(), List.of(), List.of(), List.of());
        node.sent().acknowledged().remove(never);
    }

    @Test
    void anInstanceThatNobodySentIsAPhantom() throws Exception {
        String stranger = uid + ".8";
        rename(uid, stranger);
        assertFound(List.of(uid + NO_ROW), List.of(), List.of(), List.of(stranger), List.of());
        rename(stranger, uid);
    }

    @Test
    void anInstanceWithTwoRowsIsADuplicate() throws Exception {
        sql(
                "ALTER TABLE instance DROP CONSTRAINT instance_sop_instance_uid_key",
                "INSERT INTO instance (sop_instance_uid, series_fk, sop_class_uid, header)"
                        + " SELECT sop_instance_uid, series_fk, sop_class_uid, header FROM instance WHERE sop_instance_uid = '"
                        + uid + "'");
        Verdict verdict = Checker.look(node);
        assertTrue(verdict.duplicates().contains(uid), verdict.toString());
        assertThrows(AssertionError.class, verdict::assertClean);
        sql(
                "DELETE FROM instance i WHERE sop_instance_uid = '" + uid
                        + "' AND NOT EXISTS (SELECT 1 FROM stored_object o WHERE o.instance_fk = i.id)",
                "ALTER TABLE instance ADD CONSTRAINT instance_sop_instance_uid_key UNIQUE (sop_instance_uid)");
    }

    private void assertFound(
            List<String> lost, List<String> torn, List<String> twice, List<String> phantoms, List<String> orphans)
            throws Exception {
        Verdict verdict = Checker.look(node);
        assertEquals(
                new Verdict(verdict.acknowledged(), lost, torn, twice, phantoms, orphans),
                new Verdict(
                        verdict.acknowledged(),
                        verdict.lost(),
                        verdict.torn(),
                        verdict.duplicates(),
                        verdict.phantoms(),
                        verdict.orphans().stream().sorted().toList()));
        assertThrows(AssertionError.class, verdict::assertClean);
    }

    private static final String OF_UID =
            "%s IN (SELECT o.id FROM stored_object o JOIN instance i ON i.id = o.instance_fk WHERE i.sop_instance_uid = '%s')";

    private Path file() throws Exception {
        return file("a");
    }

    private Path file(String volume) throws Exception {
        try (Connection connection = node.database();
                Statement statement = connection.createStatement();
                var found =
                        statement.executeQuery("SELECT c.path FROM object_copy c JOIN volume v ON v.id = c.volume_fk"
                                + " WHERE v.name = '" + volume + "' AND " + OF_UID.formatted("c.object_fk", uid))) {
            found.next();
            return node.volumes().get(volume).resolve(found.getString(1));
        }
    }

    private static void flipBit(Path file, long position) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(position);
            int value = open.read();
            open.seek(position);
            open.write(value ^ 1);
        }
    }

    private void rename(String from, String to) throws Exception {
        sql("UPDATE instance SET sop_instance_uid = '" + to + "' WHERE sop_instance_uid = '" + from + "'");
    }

    private void sql(String... statements) throws SQLException, IOException {
        try (Connection connection = node.database();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }
}
