// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.util.Arrays;
import java.util.Locale;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** How objects come to a destination that is no application entity. */
public enum DestinationKind {
    /** STOW-RS, PS3.18 §10.5: its address is the base URL of a DICOMweb service. */
    STOW,
    /** Files in a directory: its address is that directory's absolute path, the same on every node. */
    FOLDER,
    /** A bucket of S3: its address is {@code s3://BUCKET} or {@code s3://BUCKET/PREFIX}, and {@link S3Options} say the rest. */
    S3;

    /** As it stands in the database, in JSON and in YAML. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws FailureException {@link Failure#INVALID_RECORD} if there is no such kind */
    public static DestinationKind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new FailureException(
                        Failure.INVALID_RECORD,
                        "A destination can't be of the kind \"" + word
                                + "\"; use stow, folder or s3, and add an application"
                                + " entity as a peer: ./dozo peer add AET HOST PORT"));
    }
}
