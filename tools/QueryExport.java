// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.FileMetaInformation;

/**
 * Writes the first instance of every study of an index that {@code QueryLoad} has filled as a small Part 10 file, so that another archive
 * can be given the same studies.
 *
 * <pre>java -cp … tools/QueryExport.java JDBC-URL OUTDIR</pre>
 */
final class QueryExport {

    private static final String FIRST_INSTANCES = """
            SELECT i.sop_instance_uid, i.sop_class_uid, e.series_instance_uid, e.modality, s.study_instance_uid, s.study_date_text,
                s.study_time_text, s.accession_number, s.study_id, s.description, s.referring_physician_name, p.patient_id,
                concat_ws('=', family_name || '^' || given_name,
                    nullif(ideographic_family_name || '^' || ideographic_given_name, '^'),
                    nullif(phonetic_family_name || '^' || phonetic_given_name, '^')) AS name,
                p.birth_date_text, p.sex
            FROM study s JOIN patient p ON p.id = s.patient_fk
                JOIN series e ON e.study_fk = s.id AND e.series_instance_uid = s.study_instance_uid || '.1'
                JOIN instance i ON i.series_fk = e.id""";

    private QueryExport() {}

    public static void main(String[] arguments) throws SQLException, IOException {
        Path directory = Files.createDirectories(Path.of(arguments[1]));
        try (Connection connection = QueryLoad.superuser(arguments[0]).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FIRST_INSTANCES)) {
            while (row.next()) {
                write(directory.resolve("%07d.dcm".formatted(row.getRow())), object(row));
            }
        }
    }

    private static Dataset object(ResultSet row) throws SQLException {
        return new Dataset()
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192")
                .setString(Tag.SOP_CLASS_UID, VR.UI, row.getString("sop_class_uid"))
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, row.getString("sop_instance_uid"))
                .setString(Tag.STUDY_DATE, VR.DA, row.getString("study_date_text"))
                .setString(Tag.STUDY_TIME, VR.TM, row.getString("study_time_text"))
                .setString(Tag.ACCESSION_NUMBER, VR.SH, row.getString("accession_number"))
                .setString(Tag.MODALITY, VR.CS, row.getString("modality"))
                .setString(Tag.REFERRING_PHYSICIAN_NAME, VR.PN, row.getString("referring_physician_name"))
                .setString(Tag.STUDY_DESCRIPTION, VR.LO, row.getString("description"))
                .setString(Tag.PATIENT_NAME, VR.PN, row.getString("name"))
                .setString(Tag.PATIENT_ID, VR.LO, row.getString("patient_id"))
                .setString(Tag.PATIENT_BIRTH_DATE, VR.DA, row.getString("birth_date_text"))
                .setString(Tag.PATIENT_SEX, VR.CS, row.getString("sex"))
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, row.getString("study_instance_uid"))
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, row.getString("series_instance_uid"))
                .setString(Tag.STUDY_ID, VR.SH, row.getString("study_id"));
    }

    private static void write(Path file, Dataset object) throws IOException {
        TransferSyntax syntax = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(FileMetaInformation.of(
                            object.getString(Tag.SOP_CLASS_UID, ""), object.getString(Tag.SOP_INSTANCE_UID, ""), syntax.uid())
                    .encode());
            out.write(DatasetWriter.toBytes(object, syntax));
        }
    }
}
