// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between the bytes of an element and Java's values, PS3.5 §6.2. Bytes are little endian. */
final class Values {

    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);
    private static final VarHandle FLOAT = view(float[].class);
    private static final VarHandle DOUBLE = view(double[].class);

    private Values() {}

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    /** A value sent as UN is read as what the dictionary says it is, PS3.5 §6.2.2. */
    private static VR vr(Element element) {
        return element.vr() == VR.UN ? Dictionary.vr(element.tag()) : element.vr();
    }

    private static int width(VR vr) {
        return vr == VR.AT ? 4 : vr.swapUnit();
    }

    // --- text

    static List<String> strings(Element element, SpecificCharacterSet characterSet) {
        byte[] bytes = element.bytes();
        VR vr = vr(element);
        if (bytes.length == 0) {
            return List.of();
        }
        if (vr.isBinaryNumber()) {
            return numbers(element, vr);
        }
        if (!vr.isText()) {
            return List.of();
        }
        String text = vr.usesSpecificCharacterSet()
                ? characterSet.decode(bytes, vr)
                : new String(bytes, StandardCharsets.ISO_8859_1);
        if (!vr.isMultiValued()) {
            return List.of(trim(text, vr));
        }
        List<String> values = new ArrayList<>(1);
        int from = 0;
        for (int to = text.indexOf('\\'); to >= 0; to = text.indexOf('\\', from)) {
            values.add(trim(text.substring(from, to), vr));
            from = to + 1;
        }
        values.add(trim(text.substring(from), vr));
        return values;
    }

    private static List<String> numbers(Element element, VR vr) {
        byte[] bytes = element.bytes();
        List<String> values = new ArrayList<>(bytes.length / width(vr));
        for (int at = 0; at + width(vr) <= bytes.length; at += width(vr)) {
            values.add(
                    switch (vr) {
                        case FL -> Float.toString((float) FLOAT.get(bytes, at));
                        case FD -> Double.toString((double) DOUBLE.get(bytes, at));
                        case AT -> Tag.toString((int) whole(bytes, vr, at));
                        case UV -> Long.toUnsignedString(whole(bytes, vr, at));
                        default -> Long.toString(whole(bytes, vr, at));
                    });
        }
        return values;
    }

    /** Trailing padding never counts; leading spaces count in the text VRs that say so. NULs are common in bad padding. */
    private static String trim(String text, VR vr) {
        int from = 0;
        int to = text.length();
        while (to > from && (text.charAt(to - 1) == ' ' || text.charAt(to - 1) == 0)) {
            to--;
        }
        boolean leading = switch (vr) {
            case LT, ST, UC, UT, UR, PN -> false;
            default -> true;
        };
        while (leading && from < to && text.charAt(from) == ' ') {
            from++;
        }
        return text.substring(from, to);
    }

    static byte[] encodeStrings(int tag, VR vr, List<String> values, SpecificCharacterSet characterSet) {
        if (vr.isBinaryNumber()) {
            return encodeNumbers(tag, vr, values);
        }
        if (!vr.isText()) {
            throw new IllegalArgumentException(Tag.toString(tag) + " of VR " + vr + " cannot hold text");
        }
        if (values.size() > 1 && !vr.isMultiValued()) {
            throw new IllegalArgumentException(
                    Tag.toString(tag) + " of VR " + vr + " holds one value, not " + values.size() + ", PS3.5 §6.4");
        }
        String text = String.join("\\", values);
        byte[] bytes = vr.usesSpecificCharacterSet()
                ? characterSet.encode(text, vr)
                : text.getBytes(StandardCharsets.ISO_8859_1);
        return even(bytes, vr);
    }

    private static byte[] even(byte[] bytes, VR vr) {
        if (bytes.length % 2 == 0) {
            return bytes;
        }
        byte[] padded = Arrays.copyOf(bytes, bytes.length + 1);
        padded[bytes.length] = vr.padding();
        return padded;
    }

    private static byte[] encodeNumbers(int tag, VR vr, List<String> values) {
        try {
            return switch (vr) {
                case FD, FL ->
                    encodeDoubles(
                            tag,
                            vr,
                            values.stream().mapToDouble(Double::parseDouble).toArray());
                case UV ->
                    encodeLongs(
                            tag,
                            vr,
                            values.stream().mapToLong(Long::parseUnsignedLong).toArray());
                case AT ->
                    encodeLongs(
                            tag,
                            vr,
                            values.stream()
                                    .mapToLong(text -> Integer.parseUnsignedInt(text.replaceAll("[(),]", ""), 16))
                                    .toArray());
                default ->
                    encodeLongs(
                            tag, vr, values.stream().mapToLong(Long::parseLong).toArray());
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(Tag.toString(tag) + " of VR " + vr + " was given what is no number", e);
        }
    }

    // --- numbers

    static long firstLong(Element element, long fallback) {
        VR vr = vr(element);
        if (isWhole(vr)) {
            return element.bytes().length < width(vr) ? fallback : whole(element.bytes(), vr, 0);
        }
        return toLong(firstDecimal(element), fallback);
    }

    static double firstDouble(Element element, double fallback) {
        VR vr = vr(element);
        if (isFloating(vr)) {
            return element.bytes().length < width(vr) ? fallback : floating(element.bytes(), vr, 0);
        }
        BigDecimal decimal = firstDecimal(element);
        return decimal == null ? fallback : decimal.doubleValue();
    }

    static @Nullable BigDecimal firstDecimal(Element element) {
        List<String> values = strings(element, SpecificCharacterSet.DEFAULT);
        return values.isEmpty() || vr(element) == VR.AT ? null : decimal(values.getFirst());
    }

    static long[] longs(Element element) {
        VR vr = vr(element);
        if (isWhole(vr)) {
            long[] values = new long[element.bytes().length / width(vr)];
            Arrays.setAll(values, i -> whole(element.bytes(), vr, i * width(vr)));
            return values;
        }
        return strings(element, SpecificCharacterSet.DEFAULT).stream()
                .mapToLong(text -> toLong(decimal(text), 0))
                .toArray();
    }

    static double[] doubles(Element element) {
        VR vr = vr(element);
        if (isFloating(vr)) {
            double[] values = new double[element.bytes().length / width(vr)];
            Arrays.setAll(values, i -> floating(element.bytes(), vr, i * width(vr)));
            return values;
        }
        return strings(element, SpecificCharacterSet.DEFAULT).stream()
                .mapToDouble(text -> {
                    BigDecimal decimal = decimal(text);
                    return decimal == null ? Double.NaN : decimal.doubleValue();
                })
                .toArray();
    }

    /** The number that DS or IS means, or null; no longer than any sane one, since BigDecimal's work grows with it. */
    static @Nullable BigDecimal decimal(String text) {
        if (text.length() > 64) {
            return null;
        }
        try {
            BigDecimal decimal = new BigDecimal(text.strip());
            return Math.abs((long) decimal.scale()) > 400 ? null : decimal;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static long toLong(@Nullable BigDecimal decimal, long fallback) {
        try {
            return decimal == null ? fallback : decimal.longValueExact();
        } catch (ArithmeticException e) {
            return fallback;
        }
    }

    private static boolean isFloating(VR vr) {
        return vr == VR.FD || vr == VR.FL;
    }

    private static boolean isWhole(VR vr) {
        return vr.isBinaryNumber() && !isFloating(vr);
    }

    private static double floating(byte[] bytes, VR vr, int at) {
        return vr == VR.FL ? (float) FLOAT.get(bytes, at) : (double) DOUBLE.get(bytes, at);
    }

    private static long whole(byte[] bytes, VR vr, int at) {
        return switch (vr) {
            case US -> (short) SHORT.get(bytes, at) & 0xFFFFL;
            case SS -> (short) SHORT.get(bytes, at);
            case UL -> (int) INT.get(bytes, at) & 0xFFFF_FFFFL;
            case SL -> (int) INT.get(bytes, at);
            case AT -> (((short) SHORT.get(bytes, at) & 0xFFFF) << 16) | ((short) SHORT.get(bytes, at + 2) & 0xFFFF);
            default -> (long) LONG.get(bytes, at);
        };
    }

    static byte[] encodeLongs(int tag, VR vr, long[] values) {
        if (vr == VR.IS || vr == VR.DS) {
            List<String> texts = Arrays.stream(values).mapToObj(Long::toString).toList();
            return encodeStrings(tag, vr, texts, SpecificCharacterSet.DEFAULT);
        }
        if (!vr.isBinaryNumber() || vr == VR.FD || vr == VR.FL) {
            throw new IllegalArgumentException(Tag.toString(tag) + " of VR " + vr + " cannot hold whole numbers");
        }
        byte[] bytes = new byte[values.length * width(vr)];
        for (int i = 0; i < values.length; i++) {
            long value = values[i];
            int at = i * width(vr);
            checkRange(tag, vr, value);
            switch (vr) {
                case US, SS -> SHORT.set(bytes, at, (short) value);
                case UL, SL -> INT.set(bytes, at, (int) value);
                case AT -> {
                    SHORT.set(bytes, at, (short) (value >>> 16));
                    SHORT.set(bytes, at + 2, (short) value);
                }
                default -> LONG.set(bytes, at, value);
            }
        }
        return bytes;
    }

    private static void checkRange(int tag, VR vr, long value) {
        boolean fits = switch (vr) {
            case US -> value >= 0 && value <= 0xFFFF;
            case SS -> value == (short) value;
            case UL -> value >= 0 && value <= 0xFFFF_FFFFL;
            case SL -> value == (int) value;
            default -> true;
        };
        if (!fits) {
            throw new IllegalArgumentException(
                    Tag.toString(tag) + " of VR " + vr + " cannot hold " + value + ": it is out of range");
        }
    }

    static byte[] encodeDoubles(int tag, VR vr, double[] values) {
        byte[] bytes = new byte[vr.isBinaryNumber() ? values.length * width(vr) : 0];
        switch (vr) {
            case FL -> {
                for (int i = 0; i < values.length; i++) {
                    FLOAT.set(bytes, i * 4, (float) values[i]);
                }
            }
            case FD -> {
                for (int i = 0; i < values.length; i++) {
                    DOUBLE.set(bytes, i * 8, values[i]);
                }
            }
            case DS -> {
                List<String> texts =
                        Arrays.stream(values).mapToObj(Values::decimalString).toList();
                return encodeStrings(tag, vr, texts, SpecificCharacterSet.DEFAULT);
            }
            default ->
                throw new IllegalArgumentException(Tag.toString(tag) + " of VR " + vr + " cannot hold fractions");
        }
        return bytes;
    }

    /** The most precise decimal of at most 16 characters, PS3.5 §6.2. */
    private static String decimalString(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("A Decimal String (DS) cannot hold " + value);
        }
        String text = value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
        for (int digits = 16; text.length() > 16 && digits > 0; digits--) {
            text = new BigDecimal(value)
                    .round(new MathContext(digits))
                    .stripTrailingZeros()
                    .toString();
        }
        return text;
    }
}
