// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.dozo.dicom.io.DataSetFile;
import org.dozo.dicom.io.DataSetRewrite;
import org.dozo.dicom.io.FileMetaInformation;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.index.StoredInstance;
import org.jspecify.annotations.Nullable;

/** One object as a Part 10 file (PS3.10 §7) on its way out: the stored file itself, or what is made of it while it is read. */
public final class OutgoingObject implements Closeable {

    private final String transferSyntaxUid;
    private final long length;
    private final @Nullable FileChannel file;
    private final @Nullable InputStream made;

    private OutgoingObject(
            String transferSyntaxUid, long length, @Nullable FileChannel file, @Nullable InputStream made) {
        this.transferSyntaxUid = transferSyntaxUid;
        this.length = length;
        this.file = file;
        this.made = made;
    }

    static OutgoingObject asStored(StoredInstance instance, Path path) throws IOException {
        return new OutgoingObject(
                instance.transferSyntaxUid(),
                instance.fileLength(),
                FileChannel.open(path, StandardOpenOption.READ),
                null);
    }

    static OutgoingObject rewritten(
            StoredInstance instance, DataSetFile stored, DataSetRewrite rewrite, ParseLimits limits) {
        String syntax = rewrite.syntax().uid();
        byte[] head = FileMetaInformation.of(instance.sopClassUid(), instance.sopInstanceUid(), syntax)
                .encode();
        long dataSetLength = rewrite.length();
        InputStream bytes =
                new SequenceInputStream(new ByteArrayInputStream(head), rewrite.open(stored.open(), limits));
        return new OutgoingObject(
                syntax, dataSetLength < 0 ? -1 : head.length + dataSetLength, null, new Closing(bytes, stored));
    }

    public String transferSyntaxUid() {
        return transferSyntaxUid;
    }

    /** In bytes; -1 if that shows at the end only. */
    public long length() {
        return length;
    }

    /** The stored file, all of whose bytes from the first to the last are to be sent; empty if the object is rewritten. */
    public Optional<FileChannel> file() {
        return Optional.ofNullable(file);
    }

    /** Its bytes from the first to the last, to be read once. */
    public InputStream bytes() {
        if (file != null) {
            return Channels.newInputStream(file);
        }
        return made == null ? InputStream.nullInputStream() : made;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
        if (made != null) {
            made.close();
        }
    }
}
