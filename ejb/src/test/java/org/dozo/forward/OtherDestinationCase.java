// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import static org.dozo.forward.ForwardingArchive.uid;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dozo.access.DestinationKind;
import org.dozo.access.NamedDestination;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.io.Part10;
import org.dozo.sending.FakeDicomWeb;
import org.dozo.shared.Await;
import org.dozo.shared.Bytes;
import org.dozo.storage.Sha256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** With destinations that are no peers. */
abstract class OtherDestinationCase extends ForwardingCase {

    static final String MARKER = "dozo-destination";

    @TempDir
    Path elsewhere;

    /** The data directory before the test. */
    private final Optional<String> data = Optional.ofNullable(System.getProperty("dozo.data"));

    Path folder(String name) throws Exception {
        Path folder = Files.createDirectories(elsewhere.resolve(name));
        Files.createFile(folder.resolve(MARKER));
        archive.others.put(new NamedDestination(name, DestinationKind.FOLDER, folder.toString(), "", ""));
        return folder;
    }

    void stow(String name, FakeDicomWeb service) throws SQLException {
        archive.others.put(new NamedDestination(name, DestinationKind.STOW, service.address(), "", ""));
    }

    void awaitError(String what, String destination, String words) throws Exception {
        Await.until(
                what,
                Duration.ofSeconds(60),
                () -> archive.delivery(STUDY, destination).error().contains(words));
    }

    Optional<Proof> proof(String destination) throws SQLException {
        return archive.delivery(STUDY, destination).proof();
    }

    /** What the archive has, by SOP Instance UID: the digests of the data sets as they were received. */
    Map<String, String> kept() throws SQLException {
        Map<String, String> kept = new TreeMap<>();
        archive.database.read(connection -> {
            try (var statement = connection.prepareStatement("""
                    SELECT instance.sop_instance_uid, encode(object.data_set_sha256, 'hex') FROM stored_object AS object
                    JOIN instance ON instance.id = object.instance_fk""");
                    var row = statement.executeQuery()) {
                while (row.next()) {
                    kept.put(row.getString(1), row.getString(2));
                }
            }
            return true;
        });
        return kept;
    }

    /** The digests of the data sets of all files, by SOP Instance UID; each in its place. */
    static Map<String, String> files(Path folder) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.getFileName().toString().equals(MARKER)) {
                    continue;
                }
                MessageDigest digest = Sha256.start();
                try (Part10 part10 = Part10.open(file);
                        InputStream dataSet = new DigestInputStream(part10.dataSet(), digest)) {
                    dataSet.transferTo(OutputStream.nullOutputStream());
                    String uid = part10.meta().getString(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID, "");
                    assertEquals(
                            STUDY + "/" + STUDY + ".1/" + uid + ".dcm",
                            folder.relativize(file).toString());
                    digests.put(uid, HexFormat.of().formatHex(digest.digest()));
                }
            }
        }
        return digests;
    }

    static Path file(Path folder, int number) {
        return folder.resolve(STUDY).resolve(STUDY + ".1").resolve(uid(STUDY, number) + ".dcm");
    }

    /** By SOP Instance UID, of the files as they were brought. */
    Map<String, Bytes> recorded() throws SQLException {
        Map<String, Bytes> recorded = new TreeMap<>();
        archive.database.read(connection -> {
            try (var statement = connection.prepareStatement("""
                    SELECT instance.sop_instance_uid, item.file_sha256 FROM delivery_item AS item
                    JOIN instance ON instance.id = item.instance_fk""");
                    var row = statement.executeQuery()) {
                while (row.next()) {
                    recorded.put(row.getString(1), Bytes.of(row.getBytes(2)));
                }
            }
            return true;
        });
        return recorded;
    }

    /** From now on the node's secrets are files of the test's own: in the directory that is returned. */
    Path takeSecrets() throws Exception {
        Path own = directory.resolve("data");
        Path secrets = Files.createDirectories(own.resolve("secrets/destinations"));
        System.setProperty("dozo.data", own.toString());
        node.stop();
        node = archive.node("node2");
        node.start();
        return secrets;
    }

    @AfterEach
    void putBack() {
        data.ifPresentOrElse(value -> System.setProperty("dozo.data", value), () -> System.clearProperty("dozo.data"));
    }
}
