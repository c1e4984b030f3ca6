// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateTest {

    private static final String SHA = "ab".repeat(32);

    private static Certificate of(int count, Set<String> named, String... held) {
        return Certificate.of(
                "1.2",
                new SourceStudy(count, List.of(new SourceStudy.Series("1.2.1", "CT", named))),
                Arrays.stream(held).map(uid -> new HeldInstance(uid, SHA, 0)).toList(),
                "OLD",
                "10.0.0.1:104",
                "",
                Instant.EPOCH);
    }

    @Test
    void completeIsWhatIsHeldByNameAndByNumber() {
        assertTrue(of(2, Set.of("1.1", "1.2"), "1.1", "1.2").complete());
        assertTrue(of(0, Set.of("1.1"), "1.1").complete(), "a source may give no count");
    }

    @Test
    void oneThatIsMissingIsNamed() {
        Certificate certificate = of(2, Set.of("1.1", "1.2"), "1.1", "1.9");
        assertFalse(certificate.complete());
        assertEquals(List.of("1.2"), certificate.missing());
        assertEquals(1, certificate.missingCount());
        assertEquals(1, certificate.more());
    }

    @Test
    void aSourceThatCountsMoreThanItNamesIsNotBelievedToHaveGivenAll() {
        assertFalse(of(3, Set.of("1.1", "1.2"), "1.1", "1.2").complete());
    }

    @Test
    void aStudyOfWhichTheSourceKnowsNothingIsNotComplete() {
        assertFalse(of(0, Set.of(), "1.1").complete());
    }

    /** printf '1.1 abab…\n1.2 abab…\n' | sha256sum */
    @Test
    void theDigestIsThatOfItsLines() {
        assertEquals(
                "adbd42292db102e5be9e1bbdb77de0f6f9b2aaf6fe5f4d5156ca85438890a159",
                of(2, Set.of("1.1", "1.2"), "1.1", "1.2").digest());
    }
}
