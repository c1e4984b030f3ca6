// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3OptionsTest {

    /** A bucket that is right, but for one field. */
    private static NamedDestination bucket(String field, Object value) {
        Map<String, Object> fields =
                new HashMap<>(Map.of("name", "X", "kind", "s3", "address", "s3://images", "secret", "cloud"));
        fields.put(field, value);
        return DestinationFields.read(fields);
    }

    private static String refusal(String field, Object value) {
        FailureException refused = assertThrows(FailureException.class, () -> bucket(field, value));
        assertEquals(Failure.INVALID_RECORD, refused.failure());
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains(field), message);
        return message;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3.example",
                "ftp://s3.example",
                "file:///etc/passwd",
                "https://",
                "https:///x",
                "https://s3.example/minio",
                "https://s3.example?region=x",
                "https://s3.example#x",
                "https://s3 example",
                "https://user:geheim@s3.example",
            })
    void whatIsNoEndpointIsRefusedAndNoPasswordInItIsRepeated(String endpoint) {
        assertFalse(refusal("endpoint", endpoint).contains("geheim"));
    }

    @Test
    void anEndpointIsBoundedAndKeptWithoutSlash() {
        refusal("endpoint", "https://" + "a.".repeat(500) + "example");
        assertEquals(
                "https://s3.example:9000",
                bucket("endpoint", "https://s3.example:9000//").s3().endpoint());
    }

    @ParameterizedTest
    @ValueSource(strings = {"EU-CENTRAL-1", "eu central", "-eu", "eu.example", "eu/x", "eu@evil.example"})
    void aRegionThatCouldBePartOfAnotherAddressIsRefused(String region) {
        refusal("region", region);
        refusal("region", "");
    }

    @ParameterizedTest
    @CsvSource({"aes256", "AES-256", "aws:kms:dsse", "none"})
    void whatIsNoEncryptionThatCanBeAskedForIsRefused(String encryption) {
        refusal("encryption", encryption);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://",
                "s3://ab",
                "s3://Images",
                "s3://images_1",
                "s3://-images",
                "s3://images.",
                "s3://images//x",
                "s3://images/../x",
                "s3://images/.x",
                "s3://images/a b",
                "s3://images/x?y",
                "s3://key:geheim@images",
                "https://images.s3.amazonaws.com",
            })
    void whatIsNoBucketIsRefusedAndNoPasswordInItIsRepeated(String address) {
        assertFalse(refusal("address", address).contains("geheim"));
    }

    @Test
    void aPrefixLeavesRoomForTheNamesOfObjects() {
        String longest = "s3://images" + "/0123456789012345678901234567890".repeat(15);
        assertEquals(longest, bucket("address", longest).address());
        refusal("address", longest + "/01234567890123456789012345678901");
    }

    @Test
    void theKeysOfABucketAreNamedAndStandInNoField() {
        refusal("secret", "");
        assertFalse(refusal("secret", "AKIAEXAMPLE:geheim/x").contains("geheim"));
    }

    @Test
    void withAnEndpointTheBucketStandsInThePathUnlessItIsSaidOtherwise() {
        S3Options amazon = bucket("note", "").s3();
        assertEquals(new S3Options("", "us-east-1", false, ""), amazon);
        assertTrue(bucket("endpoint", "http://10.0.0.7:9000").s3().pathStyle());
        NamedDestination other = DestinationFields.read(Map.of(
                "name",
                "X",
                "kind",
                "s3",
                "address",
                "s3://images/pacs/",
                "secret",
                "cloud",
                "endpoint",
                "https://s3.example",
                "pathStyle",
                false,
                "region",
                "eu-1",
                "encryption",
                "aws:kms"));
        assertEquals(new S3Options("https://s3.example", "eu-1", false, "aws:kms"), other.s3());
        assertEquals(other, DestinationFields.read(DestinationFields.of(other)));
    }

    @ParameterizedTest
    @CsvSource({"endpoint, https://s3.example", "region, eu-1", "encryption, AES256"})
    void onlyABucketHasThem(String field, String value) {
        Map<String, Object> folder = new HashMap<>(Map.of("name", "X", "kind", "folder", "address", "/nas"));
        assertEquals(S3Options.NONE, DestinationFields.read(folder).s3());
        folder.put(field, value);
        FailureException refused = assertThrows(FailureException.class, () -> DestinationFields.read(folder));
        assertTrue(String.valueOf(refused.getMessage()).contains("s3, if it has"), refused.getMessage());
    }
}
