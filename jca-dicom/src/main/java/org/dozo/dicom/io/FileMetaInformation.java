// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.nio.charset.StandardCharsets;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;

/**
 * What a Part 10 file says before its data set, PS3.10 §7.1. Dozo writes it anew for every file it keeps; what came with an object
 * is never copied, nor is a preamble.
 *
 * @param sourceAeTitle whose content it is, (0002,0016); empty if not known
 * @param sendingAeTitle who sent it to Dozo, (0002,0017); empty if it did not come by the network
 * @param receivingAeTitle the title by which Dozo was called, (0002,0018); empty if it did not come by the network
 */
public record FileMetaInformation(
        String mediaStorageSopClassUid,
        String mediaStorageSopInstanceUid,
        String transferSyntaxUid,
        String sourceAeTitle,
        String sendingAeTitle,
        String receivingAeTitle) {

    /** Dozo's own, PS3.7 §D.3.3.2; derived from a UUID, PS3.5 §B.2. */
    public static final String IMPLEMENTATION_CLASS_UID = "2.25.295432704350763778289187342618226580537";

    public static final String IMPLEMENTATION_VERSION_NAME = "DOZO_0_1";

    private static final int PREAMBLE = 128;

    /** Of an object whose way here is not known. */
    public static FileMetaInformation of(String sopClassUid, String sopInstanceUid, String transferSyntaxUid) {
        return new FileMetaInformation(sopClassUid, sopInstanceUid, transferSyntaxUid, "", "", "");
    }

    /** 128 zero bytes, "DICM" and the elements of group 0002: all that comes before the data set. */
    public byte[] encode() {
        byte[] group = DatasetWriter.toBytes(toDataset(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        byte[] bytes = new byte[PREAMBLE + 4 + group.length];
        byte[] prefix = "DICM".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(prefix, 0, bytes, PREAMBLE, prefix.length);
        System.arraycopy(group, 0, bytes, PREAMBLE + prefix.length, group.length);
        return bytes;
    }

    public Dataset toDataset() {
        Dataset meta = new Dataset()
                .setBytes(Tag.FILE_META_INFORMATION_VERSION, VR.OB, new byte[] {0, 1})
                .setString(Tag.MEDIA_STORAGE_SOP_CLASS_UID, VR.UI, mediaStorageSopClassUid)
                .setString(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID, VR.UI, mediaStorageSopInstanceUid)
                .setString(Tag.TRANSFER_SYNTAX_UID, VR.UI, transferSyntaxUid)
                .setString(Tag.IMPLEMENTATION_CLASS_UID, VR.UI, IMPLEMENTATION_CLASS_UID)
                .setString(Tag.IMPLEMENTATION_VERSION_NAME, VR.SH, IMPLEMENTATION_VERSION_NAME);
        setTitle(meta, Tag.SOURCE_APPLICATION_ENTITY_TITLE, sourceAeTitle);
        setTitle(meta, Tag.SENDING_APPLICATION_ENTITY_TITLE, sendingAeTitle);
        setTitle(meta, Tag.RECEIVING_APPLICATION_ENTITY_TITLE, receivingAeTitle);
        return meta;
    }

    private static void setTitle(Dataset meta, int tag, String title) {
        if (!title.isEmpty()) {
            meta.setString(tag, VR.AE, title);
        }
    }

    /** What a file's meta elements say; what they lack is empty. */
    public static FileMetaInformation from(Dataset meta) {
        return new FileMetaInformation(
                meta.getString(Tag.MEDIA_STORAGE_SOP_CLASS_UID, ""),
                meta.getString(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID, ""),
                meta.getString(Tag.TRANSFER_SYNTAX_UID, ""),
                meta.getString(Tag.SOURCE_APPLICATION_ENTITY_TITLE, ""),
                meta.getString(Tag.SENDING_APPLICATION_ENTITY_TITLE, ""),
                meta.getString(Tag.RECEIVING_APPLICATION_ENTITY_TITLE, ""));
    }
}
