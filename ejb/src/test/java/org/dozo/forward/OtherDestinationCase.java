// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dozo.access.DestinationKind;
import org.dozo.access.NamedDestination;
import org.dozo.sending.FakeDicomWeb;
import org.dozo.shared.Await;
import org.junit.jupiter.api.io.TempDir;

/** With destinations that are no peers. */
abstract class OtherDestinationCase extends ForwardingCase {

    static final String MARKER = "dozo-destination";

    @TempDir
    Path elsewhere;

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
}
