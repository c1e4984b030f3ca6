// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.Part10;
import org.dozo.index.StoredInstance;
import org.dozo.shared.Bytes;
import org.dozo.shared.DurableFile;
import org.dozo.storage.DirectoryTree;
import org.dozo.storage.Sha256;

/**
 * A directory that objects are brought to, under their {@link FileName}s. A file appears whole and durable under
 * that name or not at all, and one that is there is never written again. The directory is taken for what it is by a file
 * {@value #MARKER} in it, which the operator makes: the mount point of a NAS that is away has none. Thread-safe.
 */
final class Folder implements FilePlace {

    static final String MARKER = "dozo-destination";

    private static final String UNFINISHED = ".part";
    private static final Duration ABANDONED = Duration.ofHours(1);
    private static final int BLOCK = 256 << 10;
    private static final int REMEMBERED = 2048;

    private final Path root;
    /** Where what a node that died has left half-written was looked for. */
    private final Set<Path> swept = new HashSet<>();

    Folder(Path root) {
        this.root = root;
    }

    /**
     * Whether the directory is there and can be written.
     *
     * @throws IOException saying what is wrong and what to do
     */
    @Override
    public void probe() throws IOException {
        requireMarker();
        Path probe = root.resolve(".dozo-probe-" + UUID.randomUUID() + UNFINISHED);
        try (FileChannel channel = create(probe)) {
            channel.write(ByteBuffer.allocate(BLOCK));
            channel.force(true);
        } catch (IOException e) {
            throw new IOException(
                    "The folder " + root + " can't be written: " + reason(e)
                            + ". Remedy: let the user that runs Dozo write there, and make room",
                    e);
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    @Override
    public String trial() throws IOException {
        probe();
        TrialPiece piece = TrialPiece.make();
        Path file = root.resolve("." + piece.name() + UNFINISHED);
        try {
            try (FileChannel channel = create(file)) {
                Channels.newOutputStream(channel).write(piece.bytes());
                channel.force(true);
            }
            piece.requireSame(Files.readAllBytes(file), "The folder " + root);
            Files.delete(file);
        } catch (FileSystemException e) {
            throw new IOException(
                    "In the folder " + root + " a file can't be written, read and removed: " + reason(e)
                            + ". Remedy: let the user that runs Dozo do so, and make room",
                    e);
        } finally {
            Files.deleteIfExists(file);
        }
        return "A file of " + TrialPiece.LENGTH + " bytes was written, read back, compared and removed";
    }

    private void requireMarker() throws IOException {
        if (!Files.isRegularFile(root.resolve(MARKER))) {
            throw new IOException("The folder " + root + " has no file " + MARKER
                    + ". Remedy: mount it; if it is the right one and new, touch " + root.resolve(MARKER));
        }
    }

    @Override
    public Bytes bring(OutgoingFile object) throws IOException {
        StoredInstance instance = object.instance();
        Path file = path(instance.studyInstanceUid(), instance.seriesInstanceUid(), instance.sopInstanceUid());
        requireMarker();
        Path directory = DirectoryTree.parent(file);
        Files.createDirectories(directory);
        sweep(directory);
        Bytes brought = Files.exists(file) ? requireEqual(file, object, digest(object)) : write(file, object);
        // A directory that is there need not be durable: whoever made it, or the file in it, may have died.
        for (Path each = directory; !each.equals(root); each = DirectoryTree.parent(each)) {
            DurableFile.forceDirectory(each);
        }
        DurableFile.forceDirectory(root);
        return brought;
    }

    private static Bytes write(Path file, OutgoingFile object) throws IOException {
        Path unfinished =
                DirectoryTree.parent(file).resolve("." + file.getFileName() + "." + UUID.randomUUID() + UNFINISHED);
        try {
            Written written = writeUnfinished(unfinished, object);
            return name(unfinished, file) ? written.file() : requireEqual(file, object, written.dataSet());
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    @Override
    public Glance glance(String study, String series, String instance, Bytes brought) throws IOException {
        requireMarker();
        try {
            return new Glance(Found.UNREAD, Files.size(path(study, series, instance)));
        } catch (NoSuchFileException e) {
            return Glance.AT_NOTHING;
        }
    }

    @Override
    public Optional<Bytes> digest(String study, String series, String instance) throws IOException {
        try {
            return Optional.of(digest(path(study, series, instance)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Bytes digest(Path file) throws IOException {
        MessageDigest digest = Sha256.start();
        try (InputStream bytes = new DigestInputStream(Files.newInputStream(file), digest)) {
            bytes.transferTo(OutputStream.nullOutputStream());
        }
        return Bytes.of(digest.digest());
    }

    private Path path(String study, String series, String instance) throws UnsendableException {
        return root.resolve(FileName.of(study, series, instance));
    }

    /** @param dataSet SHA-256 of it */
    private record Written(Bytes file, Bytes dataSet) {}

    private static Written writeUnfinished(Path unfinished, OutgoingFile object) throws IOException {
        MessageDigest digest = Sha256.start();
        try (FileChannel channel = create(unfinished)) {
            OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), digest);
            out.write(object.head());
            Bytes dataSet = object.writeDataSet(out).sha256();
            channel.force(true);
            return new Written(Bytes.of(digest.digest()), dataSet);
        }
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Of the data set as it is to be brought: from the record, unless it is changed on its way. */
    private static Bytes digest(OutgoingFile object) throws IOException {
        if (object.isAsReceived()) {
            return object.instance().dataSetSha256();
        }
        return object.writeDataSet(OutputStream.nullOutputStream()).sha256();
    }

    /** Gives it its name, unless there is such a file: false. */
    private static boolean name(Path unfinished, Path file) throws IOException {
        try {
            Files.createLink(file, unfinished);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // A file system without hard links, such as SMB: the lane of a destination sees to it that nobody else does
            // the same now.
            if (e instanceof NoSuchFileException || Files.exists(file)) {
                return false;
            }
            Files.move(unfinished, file);
            return true;
        }
    }

    /** SHA-256 of the file that is there. */
    private static Bytes requireEqual(Path file, OutgoingFile object, Bytes digest) throws IOException {
        if (!isEqual(file, object, digest)) {
            throw UnsendableException.forGood(
                    "Another file of this name is there, and is not overwritten: look at it, and move it away if it is"
                            + " superfluous",
                    null);
        }
        return digest(file);
    }

    private static boolean isEqual(Path file, OutgoingFile object, Bytes digest) throws IOException {
        try (Part10 there = Part10.open(file)) {
            String uid = there.meta().getString(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID, "");
            if (!uid.equals(object.instance().sopInstanceUid())
                    || !there.syntax().uid().equals(object.transferSyntaxUid())) {
                return false;
            }
            MessageDigest found = Sha256.start();
            try (InputStream dataSet = new DigestInputStream(there.dataSet(), found)) {
                dataSet.transferTo(OutputStream.nullOutputStream());
            }
            return Bytes.of(found.digest()).equals(digest);
        } catch (DicomFormatException e) {
            return false;
        }
    }

    /** Once a directory and life of this node: nobody writes for so long. */
    private void sweep(Path directory) throws IOException {
        synchronized (swept) {
            if (swept.size() >= REMEMBERED) {
                swept.clear();
            }
            if (!swept.add(directory)) {
                return;
            }
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, ".*" + UNFINISHED)) {
            for (Path each : files) {
                if (Files.getLastModifiedTime(each)
                        .toInstant()
                        .isBefore(Instant.now().minus(ABANDONED))) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    @Override
    public void blame(IOException fault, long bytes) throws IOException {
        probe();
        if (Files.getFileStore(root).getUsableSpace() < bytes + BLOCK) {
            throw new IOException("The folder " + root + " is full: " + reason(fault), fault);
        }
    }

    /** Without the path, which may be that of one object. */
    @Override
    public String reason(IOException fault) {
        if (!(fault instanceof FileSystemException file)) {
            return String.valueOf(fault.getMessage());
        }
        String reason = file.getReason();
        return reason == null ? file.getClass().getSimpleName() : reason;
    }
}
