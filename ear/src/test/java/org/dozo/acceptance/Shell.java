// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program run to its end. */
final class Shell {

    private Shell() {}

    /** @param output standard output and standard error as they came */
    record Result(int exit, String output) {

        Result orFail() {
            if (exit != 0) {
                throw new AssertionError("Exit code " + exit + ":\n" + output);
            }
            return this;
        }
    }

    static Result run(String... command) throws IOException, InterruptedException {
        return run(Path.of(""), Map.of(), Duration.ofMinutes(2), List.of(command));
    }

    /** Output goes through a file: what the program leaves running in the background may keep it open. */
    static Result run(Path directory, Map<String, String> environment, Duration patience, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("dozo-shell", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            if (!directory.toString().isEmpty()) {
                builder.directory(directory.toFile());
            }
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end within " + patience + ":\n" + text(output));
            }
            return new Result(process.exitValue(), text(output));
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
