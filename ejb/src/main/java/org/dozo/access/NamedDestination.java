// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.Nullable;

/**
 * A destination of forwarding that is no application entity.
 *
 * @param name as an AE title, and none of a peer's: rules name either
 * @param address of its kind, in its regular form: without a slash at the end; at most 1000 characters
 * @param secret the name of a file in {@code secrets/destinations} of the data directory: {@code user:password}, or the whole value of
 *     an Authorization header that begins with {@code Basic} or {@code Bearer}; of a bucket {@code access key:secret key}; empty for none
 * @param note for people; at most 1000 characters
 * @param s3 {@link S3Options#NONE} of what is no bucket
 */
public record NamedDestination(
        String name, DestinationKind kind, String address, String secret, String note, S3Options s3) {

    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1]");
    /** Names of buckets as Amazon has them; a prefix leaves room for three UIDs in a key of 1024 bytes. */
    private static final Pattern BUCKET =
            Pattern.compile("s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}){0,16}");

    private static final int LONGEST = 1000;
    private static final int LONGEST_BUCKET = 512;

    /** @throws FailureException {@link Failure#INVALID_RECORD} naming the field */
    public NamedDestination {
        require(
                KnownPeer.isAeTitle(name),
                "name",
                "1 to 16 characters without backslash, control characters or outer spaces");
        require(
                !address.isEmpty() && address.length() <= LONGEST && address.indexOf('\0') < 0,
                "address",
                "1 to " + LONGEST + " characters");
        address = withoutSlash(address);
        switch (kind) {
            case STOW -> requireUrl(address, secret);
            case FOLDER -> requirePath(address, secret);
            case S3 -> requireBucket(address, secret, s3);
        }
        require(
                kind == DestinationKind.S3 || s3.equals(S3Options.NONE),
                "kind",
                "s3, if it has an endpoint, a region, pathStyle or encryption");
        require(
                secret.isEmpty() || SECRET.matcher(secret).matches(),
                "secret",
                "the name of a file in secrets/destinations of the data directory: 1 to 64 letters, digits, '.', '_', '-'");
        require(note.length() <= LONGEST && note.indexOf('\0') < 0, "note", "at most " + LONGEST + " characters");
    }

    /** Of a kind that has no options. */
    public NamedDestination(String name, DestinationKind kind, String address, String secret, String note) {
        this(name, kind, address, secret, note, S3Options.NONE);
    }

    private static String withoutSlash(String address) {
        String shorter = address;
        while (shorter.length() > 1 && shorter.endsWith("/")) {
            shorter = shorter.substring(0, shorter.length() - 1);
        }
        return shorter;
    }

    private static void requireUrl(String address, String secret) {
        URI url = url(address);
        String scheme =
                url == null || url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        boolean web = scheme.equals("http") || scheme.equals("https");
        if (url == null || !web || url.getHost() == null || url.getQuery() != null || url.getFragment() != null) {
            require(false, "address", "the base URL of a DICOMweb service, such as https://pacs.example/dicom-web");
            return;
        }
        require(
                url.getUserInfo() == null,
                "address",
                "without user and password: put them into a file and name that as \"secret\"");
        require(
                secret.isEmpty()
                        || scheme.equals("https")
                        || LOOPBACK.matcher(url.getHost()).matches(),
                "address",
                "an https URL, since a secret is not sent where others may read it");
    }

    private static @Nullable URI url(String address) {
        try {
            return new URI(address);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static void requirePath(String address, String secret) {
        require(
                address.length() > 1
                        && address.startsWith("/")
                        && Path.of(address).normalize().toString().equals(address),
                "address",
                "the absolute path of a directory, without . and ..");
        require(secret.isEmpty(), "secret", "empty: a folder is opened as whoever runs Dozo");
    }

    private static void requireBucket(String address, String secret, S3Options s3) {
        require(
                address.length() <= LONGEST_BUCKET && BUCKET.matcher(address).matches(),
                "address",
                "s3://BUCKET or s3://BUCKET/PREFIX; of a prefix the letters, digits, '.', '_', '-' and '/'");
        require(
                !secret.isEmpty(),
                "secret",
                "the name of a file with ACCESS-KEY:SECRET-KEY: no other keys are looked for");
        require(!s3.region().isEmpty(), "region", "given, such as eu-central-1");
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new FailureException(Failure.INVALID_RECORD, "The destination's " + field + " must be " + rule);
        }
    }
}
