// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ./dozo} shows to prove that whoever runs it may read the data directory, and so is the operator: the content of
 * {@code secrets/operator} there. Read each time, since the command may make it while the node runs.
 */
@Singleton
public class OperatorSecret {

    private static final String SCHEME = "Bearer ";
    private static final int SHORTEST = 24;

    private final Path file = Path.of(System.getProperty("dozo.data", "."), "secrets", "operator");

    /** Whether the value of an Authorization header, RFC 6750 §2.1, shows it. Never true without the file. */
    public boolean isShownBy(@Nullable String authorization) {
        if (authorization == null || !authorization.startsWith(SCHEME)) {
            return false;
        }
        try {
            byte[] secret = Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
            byte[] shown = authorization.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8);
            return secret.length >= SHORTEST && MessageDigest.isEqual(secret, shown);
        } catch (IOException e) {
            return false;
        }
    }
}
