// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import org.dozo.dicom.io.DataSetRewrite;
import org.dozo.dicom.io.FileMetaInformation;
import org.dozo.index.StoredInstance;
import org.dozo.shared.Bytes;
import org.dozo.storage.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * One object as a Part 10 file, PS3.10 §7: as it was received, or with its corrections and as its rule wishes. Nothing is open until
 * its bytes are asked for. Not thread-safe.
 */
final class OutgoingFile {

    private static final int BLOCK = 256 << 10;

    private final StoredInstance instance;
    private final String transferSyntaxUid;
    private final @Nullable DataSetRewrite rewrite;
    private final ObjectSender sender;
    private final byte[] head;
    private @Nullable WatchedStream dataSet;
    private @Nullable IOException unopened;

    /** @param rewrite null for the data set as it is kept: then the transfer syntax is that, too */
    OutgoingFile(
            StoredInstance instance, String transferSyntaxUid, @Nullable DataSetRewrite rewrite, ObjectSender sender) {
        this.instance = instance;
        this.transferSyntaxUid = transferSyntaxUid;
        this.rewrite = rewrite;
        this.sender = sender;
        this.head = FileMetaInformation.of(instance.sopClassUid(), instance.sopInstanceUid(), transferSyntaxUid)
                .encode();
    }

    StoredInstance instance() {
        return instance;
    }

    String transferSyntaxUid() {
        return transferSyntaxUid;
    }

    /** Whether its data set is that on the record, byte for byte. */
    boolean isAsReceived() {
        return rewrite == null;
    }

    /** In bytes; -1 if that shows at the end only. */
    long length() {
        long length = rewrite == null ? instance.dataSetLength() : rewrite.length();
        return length < 0 ? -1 : head.length + length;
    }

    byte[] head() {
        return head.clone();
    }

    /**
     * Its data set from the first byte; may be asked for again.
     *
     * @throws UnsendableException if no copy can be opened
     */
    InputStream dataSet() throws IOException {
        try {
            WatchedStream opened = sender.dataSet(instance, rewrite);
            dataSet = opened;
            return opened;
        } catch (IOException e) {
            unopened = e;
            throw e;
        }
    }

    /** All of it, as {@link #dataSet}. */
    InputStream bytes() throws IOException {
        return new SequenceInputStream(new ByteArrayInputStream(head), dataSet());
    }

    /** A data set that was read. */
    record Read(Bytes sha256, long length) {}

    /**
     * Writes its data set from the first byte to the last.
     *
     * @throws UnsendableException if it can't be read, or what was read from a volume is not what was received
     * @throws IOException if it can't be written
     */
    Read writeDataSet(OutputStream to) throws IOException {
        MessageDigest digest = Sha256.start();
        long length = 0;
        try (InputStream from = new DigestInputStream(dataSet(), digest)) {
            byte[] block = new byte[BLOCK];
            for (int count = read(from, block); count >= 0; count = read(from, block)) {
                to.write(block, 0, count);
                length += count;
            }
        }
        Bytes sha256 = Bytes.of(digest.digest());
        if (isAsReceived() && !sha256.equals(instance.dataSetSha256())) {
            throw UnsendableException.forNow("The archive's copy of it is damaged: see ./dozo verify", null);
        }
        return new Read(sha256, length);
    }

    private static int read(InputStream from, byte[] block) throws UnsendableException {
        try {
            return from.read(block);
        } catch (IOException e) {
            throw UnsendableException.forNow(String.valueOf(e.getMessage()), e);
        }
    }

    /** Why its data set could not be opened or read to its end; null if it could, as far as it was. */
    @Nullable
    IOException fault() {
        WatchedStream opened = dataSet;
        return unopened != null || opened == null ? unopened : opened.fault();
    }
}
