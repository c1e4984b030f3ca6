// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.dozo.shared.Bytes;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** What a bucket says of one object that it has, and what was noted with it when it was brought. */
record BucketObject(HeadObjectResponse head) {

    private static final String FILE_SHA256 = "dozo-sha256";
    private static final String FILE_MD5 = "dozo-md5";
    private static final String DATA_SET_SHA256 = "dozo-data-set-sha256";
    private static final String SYNTAX = "dozo-transfer-syntax";

    /** To be kept with an object. */
    static Map<String, String> notes(Bytes file, Bytes md5, Bytes dataSet, String transferSyntaxUid) {
        return Map.of(
                FILE_SHA256,
                file.toString(),
                FILE_MD5,
                md5.toString(),
                DATA_SET_SHA256,
                dataSet.toString(),
                SYNTAX,
                transferSyntaxUid);
    }

    /** In bytes. */
    long length() {
        return head.contentLength();
    }

    /** As it stands in x-amz-server-side-encryption; empty for none. */
    String encryption() {
        String told = head.serverSideEncryptionAsString();
        return told == null ? "" : told;
    }

    /**
     * SHA-256 of the whole object by the service's own digests: that which it tells, or that which was noted if its MD5 is the one that
     * was noted. Empty if it is to be read to know.
     */
    Optional<Bytes> sha256() {
        Optional<Bytes> told = told();
        return told.isPresent() || !tag().equals(head.metadata().get(FILE_MD5)) ? told : noted();
    }

    /** As the service computed it; empty if it does not say. */
    private Optional<Bytes> told() {
        String text = head.checksumSHA256();
        try {
            return text == null ? Optional.empty() : digest(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            // With a count after it, it is a digest of the digests of several parts.
            return Optional.empty();
        }
    }

    private Optional<Bytes> noted() {
        String text = head.metadata().get(FILE_SHA256);
        try {
            return text == null ? Optional.empty() : digest(HexFormat.of().parseHex(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Bytes> digest(byte[] octets) {
        return octets.length == 32 ? Optional.of(Bytes.of(octets)) : Optional.empty();
    }

    /** Whether its tag says so. If not it may have it all the same: with keys of a KMS the tag is something else. */
    boolean hasMd5(Bytes md5) {
        return tag().equals(md5.toString());
    }

    private String tag() {
        return String.valueOf(head.eTag()).replace("\"", "").toLowerCase(Locale.ROOT);
    }

    /** Whether this file was brought as one with this data set. */
    boolean isNoted(Bytes file, Bytes dataSet, String transferSyntaxUid) {
        Map<String, String> noted = head.metadata();
        return file.toString().equals(noted.get(FILE_SHA256))
                && dataSet.toString().equals(noted.get(DATA_SET_SHA256))
                && transferSyntaxUid.equals(noted.get(SYNTAX));
    }

    static MessageDigest startMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform must have MD5", e);
        }
    }

    static Bytes md5(byte[] bytes) {
        return Bytes.of(startMd5().digest(bytes));
    }
}
