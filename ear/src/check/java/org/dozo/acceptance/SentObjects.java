// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** What was sent to a node and what it acknowledged, by SOP Instance UID: the SHA-256 of each data set. Thread-safe. */
final class SentObjects {

    private final Map<String, Set<String>> attempted = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> acknowledged = new ConcurrentHashMap<>();

    /** To be called before the first byte goes out. */
    void attempt(String sopInstanceUid) {
        attempted.computeIfAbsent(sopInstanceUid, uid -> ConcurrentHashMap.newKeySet());
    }

    void acknowledge(String sopInstanceUid, String sha256) {
        attempt(sopInstanceUid);
        acknowledged
                .computeIfAbsent(sopInstanceUid, uid -> ConcurrentHashMap.newKeySet())
                .add(sha256);
    }

    boolean isAttempted(String sopInstanceUid) {
        return attempted.containsKey(sopInstanceUid);
    }

    boolean isAcknowledged(String sopInstanceUid) {
        return acknowledged.containsKey(sopInstanceUid);
    }

    Map<String, Set<String>> acknowledged() {
        return acknowledged;
    }

    /**
     * What was acknowledged under UIDs that begin with this root, and is elsewhere missing, or there with other bytes.
     *
     * @param there the SHA-256 of each data set, by SOP Instance UID
     */
    Set<String> missing(String root, Map<String, String> there) {
        Set<String> missing = new TreeSet<>();
        acknowledged.forEach((uid, digests) -> {
            if (uid.startsWith(root) && !digests.contains(there.getOrDefault(uid, ""))) {
                missing.add(uid);
            }
        });
        return missing;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
