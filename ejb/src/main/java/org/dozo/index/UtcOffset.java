// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.jspecify.annotations.Nullable;

/** Timezone Offset From UTC (0008,0201), PS3.3 §C.12.1.1.8: sign, two digits of hours, two of minutes; -1200 to +1400. */
public final class UtcOffset {

    private static final Pattern FORM = Pattern.compile("([+-])(\\d{2})([0-5]\\d)");
    private static final int LEAST = -12 * 60;
    private static final int MOST = 14 * 60;

    private UtcOffset() {}

    /** Null if the text is none, or none that there is on earth. */
    public static @Nullable ZoneOffset of(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        int size = Integer.parseInt(matcher.group(2)) * 60 + Integer.parseInt(matcher.group(3));
        int minutes = matcher.group(1).equals("-") ? -size : size;
        return minutes < LEAST || minutes > MOST ? null : ZoneOffset.ofTotalSeconds(minutes * 60);
    }

    /** The one that a data set says of its own dates and times; null if it says none that can be read. */
    public static @Nullable ZoneOffset of(Dataset dataset) {
        List<String> values = dataset.getStrings(Tag.TIMEZONE_OFFSET_FROM_UTC);
        return values.size() == 1 ? of(values.getFirst().strip()) : null;
    }

    /** In minutes; null if there is none. */
    static @Nullable Integer minutes(Dataset dataset) {
        ZoneOffset offset = of(dataset);
        return offset == null ? null : offset.getTotalSeconds() / 60;
    }

    /** As the attribute has it. */
    public static String text(ZoneOffset offset) {
        int minutes = offset.getTotalSeconds() / 60;
        return "%s%02d%02d".formatted(minutes < 0 ? "-" : "+", Math.abs(minutes) / 60, Math.abs(minutes) % 60);
    }
}
