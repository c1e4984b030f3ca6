// SPDX-License-Identifier: Apache-2.0
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Makes a load for {@code dozo bench}: CT-like slices of SIZE × SIZE × 16 bit (512 × 512 unless told: 512 KiB of pixels) as Part 10 files in explicit VR
 * little endian, {@code OUTDIR/0001/0001.dcm} and on, one directory and one patient a study.
 *
 * <pre>java tools/CtLoad.java OUTDIR STUDIES SLICES [SEED [SIZE]]</pre>
 *
 * The same seed gives the same bytes; another seed gives other UIDs (PS3.5 B.2, root 2.25), patients and accession numbers, so
 * that an archive that already holds one load takes the next as new.
 */
final class CtLoad {

    private static final int NOISE = 1 << 20;
    private static final String CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";
    private static final String EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
    private static final String IMPLEMENTATION = "2.25.228150374105462138740015361730420919201";

    private final Path out;
    private final long seed;
    private final int size;
    private final float[] noise = new float[NOISE];

    private CtLoad(Path out, long seed, int size) {
        this.out = out;
        this.seed = seed;
        this.size = size;
        Random random = new Random(seed);
        for (int i = 0; i < NOISE; i++) {
            noise[i] = (float) random.nextGaussian();
        }
    }

    public static void main(String[] args) throws IOException {
        if (args.length < 3 || args.length > 5) {
            System.err.println("usage: java tools/CtLoad.java OUTDIR STUDIES SLICES [SEED [SIZE]]");
            System.exit(2);
        }
        Path out = Path.of(args[0]);
        int studies = Integer.parseInt(args[1]);
        int slices = Integer.parseInt(args[2]);
        CtLoad load = new CtLoad(
                out, args.length > 3 ? Long.parseLong(args[3]) : 1, args.length > 4 ? Integer.parseInt(args[4]) : 512);
        for (int study = 1; study <= studies; study++) {
            Files.createDirectories(load.directory(study));
        }
        IntStream.range(0, studies * slices).parallel().forEach(i -> load.write(i / slices + 1, i % slices + 1));
        System.out.printf("%d instances in %s%n", studies * slices, out);
    }

    private Path directory(int study) {
        return out.resolve("%04d".formatted(study));
    }

    private void write(int study, int slice) {
        Elements meta = meta(uid(study, 1, slice));
        Elements header = header(study, slice);
        ByteBuffer file = ByteBuffer.allocate(256 + meta.size() + header.size() + 2 * size * size)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.position(128);
        file.put("DICM".getBytes(StandardCharsets.US_ASCII));
        file.put(new Elements().unsignedLong(0x0002_0000, meta.size()).bytes());
        file.put(meta.bytes()).put(header.bytes());
        file.putShort((short) 0x7FE0).putShort((short) 0x0010);
        file.put((byte) 'O').put((byte) 'W').putShort((short) 0).putInt(2 * size * size);
        pixels(file, study, slice);
        Path path = directory(study).resolve("%04d.dcm".formatted(slice));
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            file.flip();
            while (file.hasRemaining()) {
                channel.write(file);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot write " + path + ": " + e.getMessage(), e);
        }
    }

    private static Elements meta(String instance) {
        return new Elements()
                .bytes(0x0002_0001, "OB", new byte[] {0, 1})
                .text(0x0002_0002, "UI", CT_IMAGE_STORAGE)
                .text(0x0002_0003, "UI", instance)
                .text(0x0002_0010, "UI", EXPLICIT_VR_LITTLE_ENDIAN)
                .text(0x0002_0012, "UI", IMPLEMENTATION);
    }

    private Elements header(int study, int slice) {
        double position = slice * 5.0;
        return new Elements()
                .text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL")
                .text(0x0008_0016, "UI", CT_IMAGE_STORAGE)
                .text(0x0008_0018, "UI", uid(study, 1, slice))
                .text(0x0008_0020, "DA", "20260101")
                .text(0x0008_0021, "DA", "20260101")
                .text(0x0008_0030, "TM", "120000")
                .text(0x0008_0050, "SH", accession(study))
                .text(0x0008_0060, "CS", "CT")
                .text(0x0008_0070, "LO", "LOADGEN")
                .text(0x0008_0080, "LO", "TEST")
                .text(0x0008_0090, "PN", "REF^DOC")
                .text(0x0008_1030, "LO", "CHEST CT")
                .text(0x0008_103E, "LO", "AXIAL 5mm")
                .text(0x0010_0010, "PN", "LOAD^CASE%d-%04d".formatted(seed, study))
                .text(0x0010_0020, "LO", "L%d-%06d".formatted(seed, study))
                .text(0x0010_0030, "DA", "19700101")
                .text(0x0010_0040, "CS", "O")
                .text(0x0018_0015, "CS", "CHEST")
                .text(0x0018_0050, "DS", "5")
                .text(0x0020_000D, "UI", uid(study, 0, 0))
                .text(0x0020_000E, "UI", uid(study, 1, 0))
                .text(0x0020_0010, "SH", Integer.toString(study))
                .text(0x0020_0011, "IS", "1")
                .text(0x0020_0013, "IS", Integer.toString(slice))
                .text(0x0020_0032, "DS", "-170\\-170\\" + position)
                .text(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0")
                .text(0x0020_0052, "UI", uid(study, 9, 0))
                .text(0x0020_1041, "DS", Double.toString(position))
                .unsignedShort(0x0028_0002, 1)
                .text(0x0028_0004, "CS", "MONOCHROME2")
                .unsignedShort(0x0028_0010, size)
                .unsignedShort(0x0028_0011, size)
                .text(0x0028_0030, "DS", "0.66\\0.66")
                .unsignedShort(0x0028_0100, 16)
                .unsignedShort(0x0028_0101, 12)
                .unsignedShort(0x0028_0102, 11)
                .unsignedShort(0x0028_0103, 0)
                .text(0x0028_1050, "DS", "40")
                .text(0x0028_1051, "DS", "400")
                .text(0x0028_1052, "DS", "-1024")
                .text(0x0028_1053, "DS", "1");
    }

    /** At most 16 characters (SH), whatever the seed. */
    private String accession(int study) {
        return "A%s-%04d".formatted(Long.toString(seed & 0xF_FFFF_FFFFL, 36).toUpperCase(java.util.Locale.ROOT), study);
    }

    private String uid(int study, int series, int slice) {
        long place = ((long) study << 40) | ((long) series << 32) | slice;
        SplittableRandom random = new SplittableRandom(seed * 0x9E37_79B9_7F4A_7C15L ^ place);
        return "2.25." + new BigInteger(1, ByteBuffer.allocate(16).putLong(random.nextLong()).putLong(random.nextLong()).array());
    }

    /** A body, and in it a bone that grows from slice to slice, under noise. */
    private void pixels(ByteBuffer file, int study, int slice) {
        int from = new SplittableRandom(seed ^ ((long) study << 32) ^ slice).nextInt(NOISE);
        double width = Math.pow(180 + slice / 5.0, 2);
        double bone = Math.pow(30 + slice / 10.0, 2);
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                float random = noise[(from + y * size + x) & (NOISE - 1)];
                boolean inBody = square(x - 256) / width + square(y - 256) / (140.0 * 140.0) < 1;
                double value = inBody ? 1040 + 12 * random : 24 + 5 * random;
                if (square(x - 200) + square(y - 260) < bone) {
                    value += 700;
                }
                file.putShort((short) Math.clamp(Math.round(value), 0, 4095));
            }
        }
    }

    private static double square(double value) {
        return value * value;
    }

    /** Data elements in explicit VR little endian, appended in the order of their tags. */
    private static final class Elements {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);

        Elements text(int tag, String vr, String value) {
            String pad = vr.equals("UI") ? "\0" : " ";
            String even = value.length() % 2 == 0 ? value : value + pad;
            return bytes(tag, vr, even.getBytes(StandardCharsets.US_ASCII));
        }

        Elements unsignedShort(int tag, int value) {
            return bytes(tag, "US", new byte[] {(byte) value, (byte) (value >> 8)});
        }

        Elements unsignedLong(int tag, int value) {
            return bytes(tag, "UL", ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
        }

        Elements bytes(int tag, String vr, byte[] value) {
            little(tag >>> 16);
            little(tag & 0xFFFF);
            out.writeBytes(vr.getBytes(StandardCharsets.US_ASCII));
            if (vr.equals("OB")) {
                little(0);
                little(value.length);
                little(0);
            } else {
                little(value.length);
            }
            out.writeBytes(value);
            return this;
        }

        private void little(int value) {
            out.write(value);
            out.write(value >> 8);
        }

        int size() {
            return out.size();
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
