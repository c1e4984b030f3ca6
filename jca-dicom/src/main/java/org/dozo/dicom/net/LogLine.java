// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.lang.System.Logger.Level;

/** The numbered lines of the network for operators; {@code docs/operations/log-lines-net.md} gives meaning and remedy of each. */
public enum LogLine {
    LISTENING(1, Level.INFO),
    ACCEPT_FAILED(2, Level.ERROR),
    ASSOCIATION_REJECTED(3, Level.WARNING),
    LIMIT_REACHED(4, Level.WARNING),
    PROTOCOL_VIOLATION(5, Level.WARNING),
    PEER_TOO_SLOW(6, Level.WARNING),
    ASSOCIATION_LOST(7, Level.INFO),
    ENDPOINT_FAILED(8, Level.ERROR),
    DATA_SET_NOT_DRAINED(9, Level.WARNING),
    DRAINING(10, Level.INFO),
    DRAINED(11, Level.INFO),
    ABORTED_BY_DRAIN(12, Level.WARNING),
    PENDING_CLOSED(13, Level.WARNING),
    UNEXPECTED_FAILURE(14, Level.ERROR),
    REQUEST_UNANSWERABLE(15, Level.WARNING),
    RELEASE_FAILED(16, Level.INFO),
    IDENTIFIER_REFUSED(17, Level.WARNING),
    OBJECT_NOT_SENT_WHOLE(18, Level.ERROR),
    COMMITMENT_REFUSED(19, Level.WARNING),
    NOT_LISTENING(20, Level.ERROR);

    private final int number;
    private final Level level;

    LogLine(int number, Level level) {
        this.number = number;
        this.level = level;
    }

    public Level level() {
        return level;
    }

    /** As it begins in the log: {@code DOZO-NET-001}. */
    public String id() {
        return "DOZO-NET-%03d".formatted(number);
    }
}
