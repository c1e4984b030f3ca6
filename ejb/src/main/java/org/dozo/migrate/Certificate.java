// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the source said of a study, and what the archive holds of it, at one moment.
 *
 * @param complete whether everything is held that the source has, by name and by number
 * @param said instances by the source's own count, or as many as it named if that is more
 * @param named instances that it named
 * @param missing SOP Instance UIDs that it named and that are not held, the first {@value #MOST_NAMED}
 * @param missingCount of all of them
 * @param more instances held that it did not name
 * @param alternates instances of which other contents are kept beside the one shown
 * @param digest SHA-256, in hexadecimal digits, of the lines "UID, space, SHA-256 of the data set, newline" of all instances held, in the
 *     order of their UIDs
 * @param sourceAddress host and port
 * @param remark what the source said besides; empty for nothing
 */
public record Certificate(
        String study,
        boolean complete,
        int said,
        int named,
        int held,
        List<String> missing,
        int missingCount,
        int more,
        int alternates,
        String digest,
        String source,
        String sourceAddress,
        String remark,
        Instant issuedAt) {

    static final int MOST_NAMED = 1000;

    /** A certificate with all instances that it is about. */
    public record Full(Certificate certificate, List<HeldInstance> instances, boolean isUnchanged) {
        public Full {
            instances = List.copyOf(instances);
        }
    }

    public Certificate {
        missing = List.copyOf(missing);
    }

    static Certificate of(
            String study,
            SourceStudy said,
            List<HeldInstance> held,
            String source,
            String sourceAddress,
            String remark,
            Instant issuedAt) {
        Set<String> named = said.uids();
        Set<String> here = new HashSet<>();
        held.forEach(instance -> here.add(instance.sopInstanceUid()));
        Set<String> missing = new TreeSet<>(named);
        missing.removeAll(here);
        int count = Math.max(said.count(), named.size());
        return new Certificate(
                study,
                count > 0 && missing.isEmpty() && held.size() >= count,
                count,
                named.size(),
                held.size(),
                missing.stream().limit(MOST_NAMED).toList(),
                missing.size(),
                (int) here.stream().filter(uid -> !named.contains(uid)).count(),
                (int) held.stream()
                        .filter(instance -> instance.alternates() > 0)
                        .count(),
                digest(held),
                source,
                sourceAddress,
                remark,
                issuedAt);
    }

    /** @param held in the order of their UIDs */
    static String digest(Collection<HeldInstance> held) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (HeldInstance instance : held) {
                String line = instance.sopInstanceUid() + " " + instance.sha256() + "\n";
                digest.update(line.getBytes(StandardCharsets.US_ASCII));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
