// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import java.util.Locale;
import org.dozo.ingest.imports.ImportCounts;
import org.dozo.ingest.imports.ImportProgress;

/** An import for people at a terminal, and for {@code ./dozo import}, which counts on the order of the lines. */
final class ImportText {

    private static final int BAR = 24;
    private static final double MB = 1_000_000;

    private ImportText() {}

    static String of(ImportProgress progress) {
        return String.join(
                "\n",
                progress.state().name(),
                line(progress),
                counts(progress.counts()),
                progress.report().toString(),
                progress.message().lines().findFirst().orElse(""),
                "");
    }

    /** {@code [######------]  50 %  1200 of 2400 files  600.0 of 1200.0 MB  120.0 files/s  60.0 MB/s  ETA 0:00:10}. */
    private static String line(ImportProgress progress) {
        double seconds = Math.max(0.001, progress.elapsed().toMillis() / 1000.0);
        long total = Math.max(progress.bytesTotal(), progress.bytesDone());
        double part = total == 0 ? 0 : progress.bytesDone() / (double) total;
        int full = progress.counted() ? (int) Math.round(part * BAR) : 0;
        return String.format(
                Locale.ROOT,
                "[%s%s] %s  %d%s files  %.1f%s MB  %.1f files/s  %.1f MB/s%s",
                "#".repeat(full),
                "-".repeat(BAR - full),
                progress.counted() ? "%3.0f %%".formatted(part * 100) : "counting",
                progress.counts().files(),
                progress.counted()
                        ? " of "
                                + Math.max(
                                        progress.filesTotal(), progress.counts().files())
                        : "",
                progress.bytesDone() / MB,
                progress.counted() ? String.format(Locale.ROOT, " of %.1f", total / MB) : "",
                progress.counts().files() / seconds,
                progress.bytesDone() / MB / seconds,
                eta(progress, total, seconds));
    }

    private static String eta(ImportProgress progress, long total, double seconds) {
        if (!progress.counted() || progress.bytesDone() == 0) {
            return "";
        }
        long left = Math.round((total - progress.bytesDone()) * seconds / progress.bytesDone());
        return "  ETA %d:%02d:%02d".formatted(left / 3600, left / 60 % 60, left % 60);
    }

    private static String counts(ImportCounts counts) {
        return "%d stored, %d known, %d skipped, %d refused, %d missing"
                .formatted(counts.stored(), counts.known(), counts.skipped(), counts.refused(), counts.missing());
    }
}
