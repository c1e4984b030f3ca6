// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.HeaderBlob;
import org.dozo.dicom.io.ObjectScanner;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.index.DuplicatePolicy;
import org.dozo.index.InstanceIndex;
import org.dozo.index.NewInstance;
import org.dozo.index.NewObject;
import org.dozo.index.PatientRegistry;
import org.dozo.shared.Bytes;
import org.dozo.shared.Database;
import org.dozo.shared.NodeTerm;
import org.dozo.shared.TestDatabase;

/** An index with objects in it, as stores from a peer leave them. */
final class FiledObjects implements AutoCloseable {

    private static final TransferSyntax SYNTAX = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;

    final TestDatabase test = TestDatabase.migrated();
    final Database database = test.database();
    private final InstanceIndex index = new InstanceIndex(new PatientRegistry(), DuplicatePolicy.KEEP_FIRST);

    FiledObjects() throws SQLException {
        test.execute("INSERT INTO volume (name, marker) VALUES ('main', gen_random_uuid())");
    }

    static Dataset object(int study, int series, int instance, String modality) {
        return new Dataset()
                .setString(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3." + study + "." + series + "." + instance)
                .setString(Tag.STUDY_DATE, VR.DA, "20261101")
                .setString(Tag.MODALITY, VR.CS, modality)
                .setString(Tag.PATIENT_ID, VR.LO, "P1")
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.2.3." + study)
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, "1.2.3." + study + "." + series)
                .setInts(Tag.SERIES_NUMBER, VR.IS, series)
                .setInts(Tag.INSTANCE_NUMBER, VR.IS, instance);
    }

    void file(Dataset dataset, String sourceAeTitle, String sourceAddress) throws SQLException, IOException {
        byte[] bytes = DatasetWriter.toBytes(dataset, SYNTAX);
        Bytes header = Bytes.of(
                HeaderBlob.encode(ObjectScanner.scan(new ByteArrayInputStream(bytes), SYNTAX, ParseLimits.DEFAULT)));
        String name = UUID.randomUUID().toString();
        NewObject object = new NewObject(
                name,
                SYNTAX.uid(),
                sha256(bytes),
                1000,
                bytes.length,
                sha256(new byte[0]),
                sourceAeTitle,
                sourceAddress,
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

    @Override
    public void close() {
        test.close();
    }
}
