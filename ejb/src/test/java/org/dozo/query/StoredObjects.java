// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.dozo.dicom.Matches;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.HeaderBlob;
import org.dozo.dicom.io.ObjectScanner;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.index.DuplicatePolicy;
import org.dozo.index.InstanceIndex;
import org.dozo.index.NewInstance;
import org.dozo.index.NewObject;
import org.dozo.index.PatientRegistry;
import org.dozo.settings.QuerySettings;
import org.dozo.shared.Bytes;
import org.dozo.shared.Database;
import org.dozo.shared.NodeTerm;
import org.dozo.shared.TestDatabase;

/** An index with objects in it, as a store leaves them, and questions to it. */
final class StoredObjects implements AutoCloseable {

    /** The defaults, in a zone that is not the machine's. */
    static final QuerySettings SETTINGS = new QuerySettings(
            QuerySettings.DEFAULT.maxMatches(), QuerySettings.DEFAULT.maxHeaders(), ZoneId.of("Asia/Tokyo"));

    final TestDatabase test = TestDatabase.migrated();
    final Database database = test.database();
    final QueryService queries = new QueryService(database, SETTINGS);
    private final InstanceIndex index = new InstanceIndex(new PatientRegistry(), DuplicatePolicy.KEEP_FIRST);

    StoredObjects() throws SQLException {
        test.execute("INSERT INTO volume (name, marker) VALUES ('main', gen_random_uuid())");
    }

    /** With the objects of the matching table. */
    static StoredObjects ofTheTable() throws SQLException, IOException {
        StoredObjects stored = new StoredObjects();
        for (Dataset object : MatchingTable.objects()) {
            stored.store(object);
        }
        return stored;
    }

    void store(Dataset dataset) throws SQLException, IOException {
        byte[] bytes = DatasetWriter.toBytes(dataset, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        Bytes header = Bytes.of(HeaderBlob.encode(ObjectScanner.scan(
                new ByteArrayInputStream(bytes), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, ParseLimits.DEFAULT)));
        String name = UUID.randomUUID().toString();
        NewObject object = new NewObject(
                name,
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(),
                sha256(bytes),
                1000,
                bytes.length,
                sha256(new byte[0]),
                "CT1",
                "127.0.0.1",
                new NodeTerm("node1", NodeTerm.NONE),
                List.of(new NewObject.Copy((short) 1, "2026/11/22/00/" + name + ".dcm")));
        NewInstance newcomer = NewInstance.of(dataset, header, object);
        index.committed(newcomer, database.transaction(connection -> index.record(connection, newcomer)));
    }

    private static Bytes sha256(byte[] bytes) {
        try {
            return Bytes.of(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    List<Dataset> find(StudyQuery query) throws IOException {
        Gathered gathered = new Gathered();
        queries.find(query, gathered);
        return gathered.all;
    }

    /** The values of the level's unique key, in the order of the matches. */
    static List<String> ids(List<Dataset> matches, QueryLevel level) {
        return matches.stream()
                .map(match -> match.getString(level.uniqueKey(), "none"))
                .toList();
    }

    @Override
    public void close() {
        test.close();
    }

    /** Takes every match, or so many before it wants no more. */
    static final class Gathered implements Matches {

        final List<Dataset> all = new ArrayList<>();
        private final int enough;

        Gathered() {
            this(Integer.MAX_VALUE);
        }

        Gathered(int enough) {
            this.enough = enough;
        }

        @Override
        public void add(Dataset match) {
            all.add(match);
        }

        @Override
        public boolean isCancelled() {
            return all.size() >= enough;
        }

        List<String> values(int tag) {
            return all.stream().map(match -> match.getString(tag, "")).toList();
        }
    }
}
