// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * How a bucket of S3 is reached, besides its name.
 *
 * @param endpoint the http or https URL of a service that is not Amazon's, without a path; empty for Amazon's own of the region
 * @param region in which the bucket is, and for which requests are signed; empty for what is no bucket
 * @param pathStyle whether the bucket stands in the path of a URL, not in its host
 * @param encryption by the service, one of {@link #ENCRYPTIONS}; empty for what the bucket does by itself
 */
public record S3Options(String endpoint, String region, boolean pathStyle, String encryption) {

    /** Where a service that has no regions says that it is. */
    static final String USUAL_REGION = "us-east-1";

    private static final List<String> ENCRYPTIONS = List.of("", "AES256", "aws:kms");
    private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final int LONGEST = 1000;

    /** Of what is no bucket. */
    public static final S3Options NONE = new S3Options("", "", false, "");

    /** @throws FailureException {@link Failure#INVALID_RECORD} naming the field */
    public S3Options {
        while (endpoint.endsWith("/")) {
            endpoint = endpoint.substring(0, endpoint.length() - 1);
        }
        require(
                endpoint.isEmpty() || isEndpoint(endpoint),
                "endpoint",
                "the http or https URL of an S3 service without a path, such as https://s3.hospital.example:9000");
        require(
                region.isEmpty() || REGION.matcher(region).matches(),
                "region",
                "1 to 64 lower-case letters, digits and '-', such as eu-central-1");
        require(ENCRYPTIONS.contains(encryption), "encryption", "AES256, aws:kms or empty");
    }

    private static boolean isEndpoint(String endpoint) {
        try {
            URI url = new URI(endpoint);
            String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
            return endpoint.length() <= LONGEST
                    && (scheme.equals("http") || scheme.equals("https"))
                    && url.getHost() != null
                    && url.getUserInfo() == null
                    && url.getRawPath().isEmpty()
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new FailureException(Failure.INVALID_RECORD, "The destination's " + field + " must be " + rule);
        }
    }
}
