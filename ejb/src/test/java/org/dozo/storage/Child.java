// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link WriterProcess} run under some tool, to its end. */
record Child(int exit, List<String> answers) {

    static Child run(List<String> tool, List<String> jvm, Path data, int minCopies, int objects, String... volumes)
            throws IOException, InterruptedException {
        Process process = start(tool, jvm, data, minCopies, objects, volumes);
        List<String> answers = process.inputReader().lines().toList();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the child did not end");
        }
        return new Child(process.exitValue(), answers);
    }

    static Process start(List<String> tool, List<String> jvm, Path data, int minCopies, int objects, String... volumes)
            throws IOException {
        List<String> command = new ArrayList<>(tool);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
        command.addAll(jvm);
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classes, WriterProcess.class.getName(), data.toString()));
        command.addAll(List.of(String.valueOf(minCopies), String.valueOf(objects)));
        command.addAll(List.of(volumes));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Names of the objects that were acknowledged. */
    List<String> stored() {
        return stored(answers);
    }

    static List<String> stored(List<String> answers) {
        return answers.stream()
                .filter(line -> line.startsWith("STORED "))
                .map(line -> line.split(" ")[1])
                .toList();
    }

    long refused() {
        return answers.stream().filter(line -> line.startsWith("REFUSED ")).count();
    }
}
