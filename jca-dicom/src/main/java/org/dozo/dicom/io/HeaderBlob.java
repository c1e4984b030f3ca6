// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.data.VR;
import org.jspecify.annotations.Nullable;

/**
 * A scanned object as the database keeps it: about 1 KiB for a CT image. One version byte, then a deflated stream (RFC 1951) of
 * transfer syntax, length, findings, bulk values, and last the header in explicit VR little endian.
 */
public final class HeaderBlob {

    private static final int VERSION = 1;

    /** The blob was within the limits of its time when it was made. */
    private static final ParseLimits TRUSTED = new ParseLimits(
            256, Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    private HeaderBlob() {}

    public static byte[] encode(ScannedObject object) {
        ByteArrayOutputStream blob = new ByteArrayOutputStream(2048);
        blob.write(VERSION);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(blob, deflater))) {
            out.writeUTF(object.syntax().uid());
            writeNumber(out, object.length());
            writeNumber(out, object.findings().size());
            for (Finding finding : object.findings()) {
                out.writeUTF(finding.kind().name());
                out.writeInt(finding.tag());
            }
            writeNumber(out, object.bulkValues().size());
            for (BulkValue value : object.bulkValues()) {
                write(out, value);
            }
            out.write(DatasetWriter.toBytes(object.header(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        } finally {
            deflater.end();
        }
        return blob.toByteArray();
    }

    /** @throws DicomFormatException if it is no blob of a version that this release knows, or was damaged */
    public static ScannedObject decode(byte[] blob) throws DicomFormatException {
        if (blob.length == 0 || blob[0] != VERSION) {
            throw new DicomFormatException("The kept header is of version " + (blob.length == 0 ? "none" : blob[0])
                    + ", this release reads version " + VERSION);
        }
        Inflater inflater = new Inflater(true);
        ByteArrayInputStream bytes = new ByteArrayInputStream(blob, 1, blob.length - 1);
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(bytes, inflater))) {
            return read(in);
        } catch (DicomFormatException e) {
            throw e;
        } catch (EOFException | ZipException | IllegalArgumentException e) {
            throw new DicomFormatException("The kept header is damaged", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading from memory failed", e);
        } finally {
            inflater.end();
        }
    }

    private static ScannedObject read(DataInputStream in) throws IOException {
        String uid = in.readUTF();
        TransferSyntax syntax = TransferSyntaxes.of(uid);
        long length = readNumber(in);
        List<Finding> findings = new ArrayList<>();
        for (long left = readNumber(in); left > 0; left--) {
            findings.add(new Finding(Finding.Kind.valueOf(in.readUTF()), in.readInt()));
        }
        List<BulkValue> values = new ArrayList<>();
        for (long left = readNumber(in); left > 0; left--) {
            values.add(readBulkValue(in));
        }
        Dataset header = DatasetReader.read(in, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, TRUSTED);
        return new ScannedObject(
                syntax == null ? TransferSyntax.unknown(uid) : syntax, header, values, findings, length);
    }

    private static void write(DataOutputStream out, BulkValue value) throws IOException {
        writeNumber(out, value.path().items().size());
        for (ElementPath.Step step : value.path().items()) {
            out.writeInt(step.sequence());
            writeNumber(out, step.item());
        }
        out.writeInt(value.path().tag());
        out.writeBytes(value.vr().name());
        writeNumber(out, value.offset());
        writeNumber(out, value.length());
        Fragments fragments = value.fragments();
        writeNumber(out, fragments == null ? 0 : fragments.lengths().length + 1L);
        for (int length : fragments == null ? new int[0] : fragments.lengths()) {
            writeNumber(out, Integer.toUnsignedLong(length));
        }
    }

    private static BulkValue readBulkValue(DataInputStream in) throws IOException {
        List<ElementPath.Step> steps = new ArrayList<>();
        for (long left = readNumber(in); left > 0; left--) {
            steps.add(new ElementPath.Step(in.readInt(), (int) readNumber(in)));
        }
        ElementPath path = new ElementPath(steps, in.readInt());
        VR vr = VR.of(in.readUnsignedByte(), in.readUnsignedByte());
        long offset = readNumber(in);
        long length = readNumber(in);
        return new BulkValue(path, vr == null ? VR.UN : vr, offset, length, readFragments(in));
    }

    private static @Nullable Fragments readFragments(DataInputStream in) throws IOException {
        int count = (int) readNumber(in);
        if (count == 0) {
            return null;
        }
        int[] lengths = new int[count - 1];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = (int) readNumber(in);
        }
        return new Fragments(lengths);
    }

    /** Seven bits a byte, the lowest first; the top bit says that more follow. */
    private static void writeNumber(DataOutputStream out, long number) throws IOException {
        long left = number;
        while (left >>> 7 != 0) {
            out.writeByte((int) left | 0x80);
            left >>>= 7;
        }
        out.writeByte((int) left);
    }

    private static long readNumber(DataInputStream in) throws IOException {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = in.readUnsignedByte();
            number |= (next & 0x7FL) << shift;
            if (next < 0x80) {
                return number;
            }
        }
        throw new DicomFormatException("The kept header is damaged: a number has no end");
    }
}
