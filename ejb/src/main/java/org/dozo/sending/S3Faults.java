// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.io.UncheckedIOException;
import javax.net.ssl.SSLException;
import org.dozo.access.NamedDestination;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What goes wrong at a bucket of S3, in words for operators, each with its remedy; whether it is an object's fault or the place's. */
record S3Faults(NamedDestination destination, String bucket) {

    /** The service has no room, or no time: whatever is brought. */
    static final class BusyException extends IOException {
        private static final long serialVersionUID = 1L;

        BusyException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** HTTP status; 0 if there was no answer. */
    static int status(RuntimeException fault) {
        return fault instanceof S3Exception answer ? answer.statusCode() : 0;
    }

    /** As operators are told: without what the service says in words, which may name the object. */
    IOException explained(RuntimeException fault) {
        if (fault instanceof S3Exception answer) {
            return refusal(answer);
        }
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof UncheckedIOException unread && unread.getCause() != null) {
                return unread.getCause();
            }
            if (cause instanceof SSLException) {
                return unreached(
                        "its TLS fails: " + cause.getMessage(),
                        "let the server's Java trust its certificate, and check that the endpoint speaks TLS",
                        fault);
            }
        }
        if (fault instanceof ApiCallTimeoutException) {
            return unreached("it has not answered in time (forward.response-timeout)", "look what it does", fault);
        }
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return unreached(
                root.getClass().getSimpleName() + ": " + root.getMessage(),
                "check that it runs, and the destination's endpoint and region",
                fault);
    }

    private IOException unreached(String why, String remedy, RuntimeException fault) {
        return new IOException(destination.name() + " can't be reached: " + why + ". Remedy: " + remedy, fault);
    }

    private IOException refusal(S3Exception answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        String code = details == null || details.errorCode() == null ? "" : details.errorCode();
        int status = answer.statusCode();
        String told = destination.name() + " answered HTTP " + status + (code.isEmpty() ? "" : " " + code);
        if (code.equals("BadDigest") || code.equals("XAmzContentSHA256Mismatch")) {
            return UnsendableException.forNow(told + ": its bytes did not come as they were sent", answer);
        }
        if (code.equals("EntityTooLarge")) {
            return UnsendableException.forGood(told + ": it is too large for this service", answer);
        }
        if (status == 429 || status == 503 || status == 507 || code.contains("Quota") || code.contains("StorageFull")) {
            return new BusyException(told + ": it is busy or full. Remedy: make room, or look at its log", answer);
        }
        return new IOException(told + ". Remedy: " + remedy(status, code, answer), answer);
    }

    private String remedy(int status, String code, S3Exception answer) {
        if (status == 301 || status == 307 || code.equals("AuthorizationHeaderMalformed")) {
            String region = details(answer, "x-amz-bucket-region");
            return "the bucket " + bucket + " is not in the region "
                    + destination.s3().region() + " of this endpoint: correct"
                    + " the destination's region" + (region.isEmpty() ? "" : ", to " + region)
                    + ", or its endpoint; redirections are not followed";
        }
        return switch (code) {
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken" ->
                "correct the access key and the secret key in the file secrets/destinations/" + destination.secret()
                        + " of each node's data directory";
            case "RequestTimeTooSkewed" -> "set the clocks of this node and of the service";
            case "NoSuchBucket" -> "create the bucket " + bucket + ", or correct the destination's address";
            case "NotImplemented" -> "the service must know conditional writes (If-None-Match) to be written to";
            default ->
                switch (status) {
                    case 401, 403 ->
                        "check our keys (secrets/destinations/" + destination.secret()
                                + "), and let them s3:ListBucket, s3:GetObject and s3:PutObject in the bucket "
                                + bucket;
                    case 404 -> "check that the bucket " + bucket + " exists";
                    default -> "look at the service's log";
                };
        };
    }

    private static String details(S3Exception answer, String header) {
        AwsErrorDetails details = answer.awsErrorDetails();
        return details == null || details.sdkHttpResponse() == null
                ? ""
                : details.sdkHttpResponse().firstMatchingHeader(header).orElse("");
    }
}
