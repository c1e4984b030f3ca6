// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@link LogLine}s, at most {@value #PER_MINUTE} of a kind a minute: a hostile or broken peer must not fill the disk
 * with its log. What was left out is counted in the next line. Thread-safe.
 */
public final class OperatorLog {

    static final int PER_MINUTE = 60;
    private static final long MINUTE = 60_000_000_000L;

    private final System.Logger logger;
    private final Map<LogLine, Minute> minutes = new EnumMap<>(LogLine.class);

    private static final class Minute {
        private long since = System.nanoTime();
        private int written;
        private long leftOut;
    }

    public OperatorLog(String name) {
        logger = System.getLogger(name);
    }

    /** @param text never holds patient data, and nothing of a peer's but what {@link AeTitle#printable} let through */
    public void write(LogLine line, String text) {
        write(line, text, null);
    }

    public void write(LogLine line, String text, @Nullable Throwable cause) {
        long leftOut = admit(line);
        if (leftOut >= 0) {
            String more = leftOut == 0 ? "" : " (and " + leftOut + " more of this kind before)";
            logger.log(line.level(), line.id() + " " + text + more, cause);
        }
    }

    /** For developers: neither numbered nor limited. */
    public void debug(String text) {
        logger.log(System.Logger.Level.DEBUG, text);
    }

    /** How many were left out before this one, or -1 if this one is. */
    private synchronized long admit(LogLine line) {
        Minute minute = minutes.computeIfAbsent(line, key -> new Minute());
        long now = System.nanoTime();
        if (now - minute.since >= MINUTE) {
            minute.since = now;
            minute.written = 0;
        }
        if (minute.written == PER_MINUTE) {
            minute.leftOut++;
            return -1;
        }
        minute.written++;
        long leftOut = minute.leftOut;
        minute.leftOut = 0;
        return leftOut;
    }
}
