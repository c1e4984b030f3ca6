// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.dozo.dicom.AddressRanges;
import org.dozo.dicom.NodeProperties;
import org.dozo.dicom.net.AeTitle;
import org.dozo.dicom.net.CommitmentReader;
import org.dozo.dicom.net.Timeouts;

/**
 * The listener's settings, keys {@code dicom.*} of dozo.properties.
 *
 * @param port 0 to 65535; 0 takes any free one
 * @param aeTitles our own, as called AE title
 * @param maxPdu the longest P-DATA-TF variable field announced and taken, in bytes
 * @param maxPending connections that are no association: the request is awaited, or the close. The oldest gives way
 * @param maxAssociationsPerPeer from one address with one calling AE title
 * @param artim PS3.8 §9.1.5: from accept to the end of the request, and from the last PDU to the close
 * @param idleTimeout between two messages
 * @param maxUnread how much of a data set that the archive did not read is thrown away before the association is aborted
 * @param maxIdentifier the longest identifier of a query or retrieval taken, in bytes
 * @param maxCommitment instances that one storage commitment request or report may name
 * @param responseTimeout for the response to an object that is sent to a peer on his own association (C-GET)
 * @param drain how long associations may go on once the listener closes
 * @param proxyProtocolFrom balancers, whose connections must begin with a PROXY protocol header of version 2
 */
public record ListenerSettings(
        String bind,
        int port,
        Set<String> aeTitles,
        int maxPdu,
        int maxPending,
        int maxAssociations,
        int maxAssociationsPerPeer,
        Duration artim,
        Duration idleTimeout,
        Timeouts timeouts,
        long maxUnread,
        int maxIdentifier,
        int maxCommitment,
        Duration responseTimeout,
        Duration drain,
        Set<String> privateSopClasses,
        Set<String> unknownTransferSyntaxes,
        AddressRanges proxyProtocolFrom) {

    private static final long KIB = 1024;
    private static final int MOST = 100_000;

    public ListenerSettings {
        aeTitles = Set.copyOf(aeTitles);
        privateSopClasses = Set.copyOf(privateSopClasses);
        unknownTransferSyntaxes = Set.copyOf(unknownTransferSyntaxes);
        for (String title : aeTitles) {
            if (!AeTitle.isValid(title)) {
                throw new IllegalArgumentException("dozo.properties: dicom.ae-title has \"" + title
                        + "\", which is not 1 to 16 printable ASCII characters without a backslash");
            }
        }
        if (aeTitles.isEmpty()) {
            throw new IllegalArgumentException("dozo.properties: dicom.ae-title names no AE title");
        }
    }

    /** @throws IllegalArgumentException naming the key, its value and the range */
    public static ListenerSettings from(NodeProperties properties) {
        return new ListenerSettings(
                properties.text("dicom.bind", "0.0.0.0"),
                properties.integer("dicom.port", 11112, 0, 65535),
                Set.copyOf(properties.list("dicom.ae-title", List.of("DOZO"))),
                (int) bytes(properties, "dicom.max-pdu", 256 * KIB, 4 * KIB, 64 * KIB * KIB),
                properties.integer("dicom.max-pending", 512, 1, MOST),
                properties.integer("dicom.max-associations", 500, 1, MOST),
                properties.integer("dicom.max-associations-per-peer", 100, 1, MOST),
                duration(properties, "dicom.artim", Duration.ofSeconds(10)),
                duration(properties, "dicom.idle-timeout", Duration.ofMinutes(5)),
                new Timeouts(
                        duration(properties, "dicom.read-timeout", Duration.ofSeconds(30)),
                        duration(properties, "dicom.write-timeout", Duration.ofSeconds(30)),
                        properties.bytes("dicom.min-throughput", KIB),
                        duration(properties, "dicom.min-throughput-window", Duration.ofSeconds(10))),
                properties.bytes("dicom.max-unread", 256 * KIB * KIB),
                (int) bytes(properties, "dicom.max-identifier", KIB * KIB, KIB, 64 * KIB * KIB),
                properties.integer("dicom.max-commitment", 50_000, 1, CommitmentReader.MOST_REFERENCES),
                duration(properties, "dicom.response-timeout", Duration.ofSeconds(60)),
                properties.duration("dicom.drain", Duration.ofSeconds(30)),
                Set.copyOf(properties.list("dicom.private-sop-classes", List.of())),
                Set.copyOf(properties.list("dicom.unknown-transfer-syntaxes", List.of())),
                AddressRanges.from(properties, "dicom.proxy-protocol.from"));
    }

    private static long bytes(NodeProperties properties, String key, long fallback, long min, long max) {
        long bytes = properties.bytes(key, fallback);
        if (bytes < min || bytes > max) {
            throw new IllegalArgumentException(
                    "dozo.properties: " + key + "=" + bytes + " B is not from " + min + " B to " + max + " B");
        }
        return bytes;
    }

    private static Duration duration(NodeProperties properties, String key, Duration fallback) {
        Duration duration = properties.duration(key, fallback);
        if (duration.isZero() || duration.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("dozo.properties: " + key + " must be more than 0 s and at most 1 d");
        }
        return duration;
    }
}
