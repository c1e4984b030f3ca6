// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailureTest {

    private static final Path PAGE = Path.of("../docs/statuses.md");

    private static String page() {
        return """
                <!-- SPDX-License-Identifier: Apache-2.0 -->
                # Statuses

                Generated from `org.dozo.shared.Failure` by `FailureTest`; change that, then run
                `mvn -pl ejb -am test -Dtest=FailureTest -Ddozo.write-docs=true -Dsurefire.failIfNoSpecifiedTests=false`.

                | failure | DIMSE status | HTTP status | HL7 error code | meaning |
                |---|---|---|---|---|
                """
                + Arrays.stream(Failure.values())
                        .map(failure -> "| %s | %04X | %d | %d | %s |%n"
                                .formatted(
                                        failure,
                                        failure.dimseStatus(),
                                        failure.httpStatus(),
                                        failure.hl7ErrorCode(),
                                        failure.sentence()))
                        .collect(Collectors.joining());
    }

    @Test
    void thePageOfStatusesIsWhatTheCodeSays() throws IOException {
        if (Boolean.getBoolean("dozo.write-docs")) {
            Files.writeString(PAGE, page());
        }
        assertEquals(page(), Files.readString(PAGE), "docs/statuses.md is stale; it says itself how to write it anew");
    }

    @ParameterizedTest
    @EnumSource
    void everySentenceFitsAnErrorComment(Failure failure) {
        assertTrue(failure.sentence().length() <= 64 || failure.sentence().indexOf(',') > 0, failure::sentence);
        assertTrue(failure.sentence().endsWith("."), failure::sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "08006, DATABASE_UNAVAILABLE",
        "57P01, DATABASE_UNAVAILABLE",
        "53300, DATABASE_UNAVAILABLE",
        "40P01, DATABASE_UNAVAILABLE",
        "25006, DATABASE_UNAVAILABLE",
        "55P03, DATABASE_UNAVAILABLE",
        "55D01, NODE_FENCED",
        ", DATABASE_UNAVAILABLE",
        "23505, PROCESSING_FAILURE",
        "42P01, PROCESSING_FAILURE",
        "22021, PROCESSING_FAILURE",
    })
    void anErrorOfTheDatabaseIsUnavailabilityOnlyIfLaterMayHelp(String state, Failure failure) {
        assertEquals(failure, Failure.of(new SQLException("x", state)));
    }
}
