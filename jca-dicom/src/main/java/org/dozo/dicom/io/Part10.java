// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.data.VR;

/**
 * A DICOM file that is being read, PS3.10 §7: its meta information is read, its data set is not. Files without preamble or
 * without meta information are taken too; the transfer syntax is then guessed from the first element.
 */
public final class Part10 implements Closeable {

    private final InputStream in;
    private final Dataset meta;
    private final TransferSyntax syntax;
    private final InputStream dataSet;
    private final long dataSetOffset;

    private Part10(InputStream in, ReadAhead source, Dataset meta, TransferSyntax syntax) {
        this.in = in;
        this.meta = meta;
        this.syntax = syntax;
        this.dataSetOffset = source.position();
        this.dataSet = source.rest();
    }

    /** As {@link #open(InputStream)}; the file is open until {@link #close()}. */
    public static Part10 open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            return open(in);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /**
     * @throws DicomFormatException if it is empty, its meta information is malformed, or no data set is to be seen
     * @throws IOException as the stream threw it
     */
    public static Part10 open(InputStream in) throws IOException {
        ReadAhead source = new ReadAhead(in);
        if (source.has(136) && isPrefix(source, 128) && isPreamble(source)) {
            source.advance(132);
        } else if (source.has(4) && isPrefix(source, 0)) {
            source.advance(4);
        }
        Dataset meta = readMeta(source);
        String uid = meta.getString(Tag.TRANSFER_SYNTAX_UID);
        if (uid == null) {
            return new Part10(in, source, meta, guess(source));
        }
        TransferSyntax known = TransferSyntaxes.of(uid);
        return new Part10(in, source, meta, known == null ? TransferSyntax.unknown(uid) : known);
    }

    /** "DICM" may stand in the middle of a data set without meta information. */
    private static boolean isPreamble(ReadAhead source) {
        return source.u16(132, false) == 0x0002 || VR.of(source.u8(4), source.u8(5)) == null;
    }

    private static boolean isPrefix(ReadAhead source, int at) {
        return source.u8(at) == 'D' && source.u8(at + 1) == 'I' && source.u8(at + 2) == 'C' && source.u8(at + 3) == 'M';
    }

    /** Group 0002 to its last element: its Group Length is not believed. */
    private static Dataset readMeta(ReadAhead source) throws IOException {
        if (!source.has(8) || source.u16(0, false) != 0x0002) {
            return new Dataset();
        }
        Encoding encoding = ElementHeader.looksImplicit(source) ? Encoding.IMPLICIT_LITTLE : Encoding.EXPLICIT_LITTLE;
        List<ElementPath.Step> path = new ArrayList<>();
        return new DatasetReader(source, encoding, new Budget(ParseLimits.DEFAULT), path, null).readGroup(0x0002);
    }

    /** By the first element: its VR letters, and its group number, which is small in the right byte order only. */
    private static TransferSyntax guess(ReadAhead source) throws IOException {
        if (!source.has(8)) {
            throw new DicomFormatException("The file holds no data set (PS3.10 §7)");
        }
        boolean explicit = VR.of(source.u8(4), source.u8(5)) != null;
        boolean big = source.u16(0, true) < source.u16(0, false);
        if (Math.min(source.u16(0, true), source.u16(0, false)) > 0x00FF || (big && !explicit)) {
            throw new DicomFormatException(
                    "The file is not DICOM: it has neither meta information nor a first element");
        }
        return big
                ? TransferSyntax.EXPLICIT_VR_BIG_ENDIAN
                : explicit ? TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN : TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN;
    }

    /** The elements of group 0002; empty if the file has none. */
    public Dataset meta() {
        return meta;
    }

    /** What the meta information says, or else the guess. */
    public TransferSyntax syntax() {
        return syntax;
    }

    /** From the data set's first byte to the file's end. To be read once. */
    public InputStream dataSet() {
        return dataSet;
    }

    /** Bytes of the file before the data set. */
    public long dataSetOffset() {
        return dataSetOffset;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
