// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CharacterSetRoundTripTest {

    private static final long SEED = Long.getLong("dozo.seed", System.nanoTime());

    private static SpecificCharacterSet set(String terms) {
        return SpecificCharacterSet.of(List.of(terms.split("\\\\", -1)));
    }

    private static int[] repertoire(SpecificCharacterSet set) {
        int[] all = new int[0x30000];
        int count = 0;
        for (int c = ' '; c < all.length; c++) {
            boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            if (!surrogate && set.canEncode(Character.toString(c), VR.ST) && !isWindowsForm(set, c)) {
                all[count++] = c;
            }
        }
        return Arrays.copyOf(all, count);
    }

    private static boolean isWindowsForm(SpecificCharacterSet set, int c) {
        return set.multiByte() == null
                && "～∥－￠￡￢―".indexOf(c) >= 0
                && set.sets().stream().allMatch(each -> each.code((char) c) < 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ISO_IR 100",
                "ISO_IR 101",
                "ISO_IR 109",
                "ISO_IR 110",
                "ISO_IR 144",
                "ISO_IR 127",
                "ISO_IR 126",
                "ISO_IR 138",
                "ISO_IR 148",
                "ISO_IR 203",
                "ISO_IR 166",
                "ISO_IR 13",
                "ISO_IR 192",
                "GB18030",
                "GBK",
                "\\ISO 2022 IR 87",
                "ISO 2022 IR 13\\ISO 2022 IR 87",
                "\\ISO 2022 IR 87\\ISO 2022 IR 159",
                "\\ISO 2022 IR 149",
                "\\ISO 2022 IR 58",
                "\\ISO 2022 IR 100\\ISO 2022 IR 126\\ISO 2022 IR 144",
                "ISO 2022 IR 100\\ISO 2022 IR 101\\ISO 2022 IR 109\\ISO 2022 IR 110\\ISO 2022 IR 127\\ISO 2022 IR 138"
            })
    void everyCharacterOfTheRepertoireAndRandomTextsOfThemComeBack(String terms) {
        SpecificCharacterSet set = set(terms);
        int[] repertoire = repertoire(set);
        assertTrue(repertoire.length >= smallest(terms), terms + " has only " + repertoire.length + " characters");
        for (int c : repertoire) {
            String text = "a" + Character.toString(c) + "b";
            assertEquals(
                    text, set.decode(set.encode(text, VR.ST), VR.ST), () -> terms + " U+" + Integer.toHexString(c));
        }
        Random random = new Random(SEED);
        for (VR vr : List.of(VR.PN, VR.LO, VR.LT)) {
            for (int i = 0; i < 300; i++) {
                String text = randomText(random, repertoire, vr);
                String back = set.decode(set.encode(text, vr), vr);
                assertEquals(text, back, () -> terms + " " + vr + " with -Ddozo.seed=" + SEED);
            }
        }
    }

    /** The graphic characters of each registration, ASCII and the space included. */
    private static int smallest(String terms) {
        return switch (terms) {
            case "" -> 95;
            case "ISO_IR 13" -> 95 + 63;
            case "ISO_IR 127" -> 95 + 50;
            case "ISO_IR 138" -> 95 + 60;
            case "ISO_IR 166" -> 95 + 87;
            case "ISO_IR 192", "GB18030" -> 0x2F000;
            case "GBK" -> 95 + 21000;
            case "\\ISO 2022 IR 87" -> 95 + 6879;
            case "ISO 2022 IR 13\\ISO 2022 IR 87" -> 95 + 63 + 6870;
            case "\\ISO 2022 IR 87\\ISO 2022 IR 159" -> 95 + 6879 + 6060;
            case "\\ISO 2022 IR 149" -> 95 + 8224;
            case "\\ISO 2022 IR 58" -> 95 + 7445;
            default -> 95 + 85;
        };
    }

    private static String randomText(Random random, int[] repertoire, VR vr) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(40);
        for (int i = 0; i < length; i++) {
            int kind = random.nextInt(10);
            if (kind == 0) {
                text.append("^=\\ \t".charAt(random.nextInt(5)));
            } else if (kind == 1 && vr == VR.LT) {
                text.append("\r\n");
            } else {
                text.appendCodePoint(repertoire[random.nextInt(repertoire.length)]);
            }
        }
        // Between values the Roman set's 5C is a backslash, and its yen sign cannot be written.
        return vr.isMultiValued()
                ? text.toString().replace('¥', 'y')
                : text.toString().replace('\\', '/');
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ISO_IR 100",
                "ISO_IR 13",
                "ISO_IR 192",
                "GB18030",
                "GBK",
                "ISO 2022 IR 13\\ISO 2022 IR 87\\ISO 2022 IR 159",
                "\\ISO 2022 IR 149",
                "\\ISO 2022 IR 58",
                "ISO_IR 999"
            })
    void noBytesHoweverBrokenAreFatalOrLoseWhatFollowsTheirValue(String terms) {
        SpecificCharacterSet set = set(terms);
        Random random = new Random(SEED);
        byte[] tail = "\r\nend".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = new byte[random.nextInt(30) + tail.length];
            random.nextBytes(bytes);
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = random.nextInt(6) == 0 ? (byte) "\u001B$)(BCJI\\^=".charAt(random.nextInt(11)) : bytes[j];
            }
            System.arraycopy(tail, 0, bytes, bytes.length - tail.length, tail.length);
            for (VR vr : List.of(VR.PN, VR.LT)) {
                String text = set.decode(bytes, vr);
                assertTrue(text.endsWith("\r\nend"), () -> terms + ": lost the end, with -Ddozo.seed=" + SEED);
            }
        }
    }
}
