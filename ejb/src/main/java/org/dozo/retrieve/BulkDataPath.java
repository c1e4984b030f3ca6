// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dozo.dicom.io.ElementPath;

/** How a BulkDataURI names an element: {@code 54000100.1.54001010}, tags and the numbers of items, which count from 1. */
public final class BulkDataPath {

    private static final Pattern FORM = Pattern.compile("(?:[0-9A-Fa-f]{8}\\.[1-9][0-9]{0,8}\\.){0,256}[0-9A-Fa-f]{8}");

    private BulkDataPath() {}

    public static String format(ElementPath path) {
        HexFormat hex = HexFormat.of().withUpperCase();
        StringBuilder text = new StringBuilder();
        for (ElementPath.Step step : path.items()) {
            text.append(hex.toHexDigits(step.sequence()))
                    .append('.')
                    .append(step.item() + 1)
                    .append('.');
        }
        return text.append(hex.toHexDigits(path.tag())).toString();
    }

    /** Empty if it is none. */
    public static Optional<ElementPath> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        List<String> parts = List.of(text.split("\\."));
        List<ElementPath.Step> steps = new ArrayList<>();
        for (int i = 0; i + 1 < parts.size(); i += 2) {
            steps.add(new ElementPath.Step(tag(parts.get(i)), Integer.parseInt(parts.get(i + 1)) - 1));
        }
        return Optional.of(new ElementPath(steps, tag(parts.getLast())));
    }

    private static int tag(String digits) {
        return HexFormat.fromHexDigits(digits);
    }
}
