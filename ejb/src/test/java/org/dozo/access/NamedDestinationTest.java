// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedDestinationTest {

    @ParameterizedTest
    @CsvSource({
        "stow, ftp://pacs.example/dicom-web, ''",
        "stow, file:///etc/passwd, ''",
        "stow, pacs.example/dicom-web, ''",
        "stow, https:///dicom-web, ''",
        "stow, https://user:password@pacs.example/dicom-web, ''",
        "stow, https://pacs.example/dicom-web?x=1, ''",
        "stow, https://pacs.example/dicom-web#x, ''",
        "stow, https://pacs.example/a b, ''",
        "stow, http://pacs.example/dicom-web, token",
        "stow, https://pacs.example/dicom-web, ../operator",
        "stow, https://pacs.example/dicom-web, .hidden",
        "folder, nas, ''",
        "folder, /, ''",
        "folder, /nas/../etc, ''",
        "folder, /nas, token",
        "folder, '', ''",
        "s3, https://bucket.example, ''",
    })
    void whatCantBeAnAddressIsRefused(String kind, String address, String secret) {
        FailureException refused = assertThrows(
                FailureException.class,
                () -> DestinationFields.read(Map.of("name", "X", "kind", kind, "address", address, "secret", secret)));
        assertEquals(Failure.INVALID_RECORD, refused.failure());
    }

    @ParameterizedTest
    @CsvSource({
        "stow, https://pacs.example/dicom-web/, token, https://pacs.example/dicom-web",
        "stow, http://pacs.example:8042/dicom-web, '', http://pacs.example:8042/dicom-web",
        "stow, http://127.0.0.1:8042/dicom-web, token, http://127.0.0.1:8042/dicom-web",
        "folder, /nas/dicom/, '', /nas/dicom",
    })
    void anAddressIsKeptInItsRegularForm(String kind, String address, String secret, String regular) {
        NamedDestination read =
                DestinationFields.read(Map.of("name", "X", "kind", kind, "address", address, "secret", secret));
        assertEquals(regular, read.address());
        assertEquals(read, DestinationFields.read(DestinationFields.of(read)));
    }

    @Test
    void aPasswordInTheAddressIsNotRepeated() {
        FailureException refused = assertThrows(
                FailureException.class,
                () -> DestinationFields.read(
                        Map.of("name", "X", "kind", "stow", "address", "https://user:geheim@pacs.example/dicom-web")));
        assertTrue(!String.valueOf(refused.getMessage()).contains("geheim"), refused.getMessage());
    }
}
