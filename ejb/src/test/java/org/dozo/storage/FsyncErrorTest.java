// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C4: fsync fails in a process of its own, under strace. */
class FsyncErrorTest {

    private static final String UNFINISHED = " <unfinished ...>";
    private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. \\w+ resumed>");
    private static final Pattern FAILED = Pattern.compile("fsync\\(\\d+<([^>]+)>.*EIO");

    @TempDir
    Path data;

    @BeforeAll
    static void mayTrace() throws IOException {
        try {
            Mount.run("strace", "-e", "trace=none", "true");
        } catch (IOException e) {
            assumeTrue(false, "strace does not work here");
        }
    }

    /**
     * strace counts each thread by itself: one fsync of the storing thread fails, and, objects later, one of the thread that
     * forces the second copy. The first three of a volume's own thread initialise it.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 8})
    void aCopyWhoseFsyncFailedIsReplacedOnAnotherVolumeAndNeverFsyncedAgain(int which) throws Exception {
        Child child = tracing(20 + which + "", 2, "a", "b", "c", "d");
        assertEquals(0, child.refused(), () -> String.join("\n", child.answers()));
        assertEquals(6, child.stored().size());
        assertEquals(
                12, new LedgerOnDisk(data.resolve("ledger")).committedPaths().size(), "two copies of each");
        assertFailedFilesWereFsyncedOnce();
        assertExactlyTheLedger();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void withoutAnotherCopyAFailedFsyncIsARefusal(int which) throws Exception {
        Child child = tracing(20 + which + "", 1, "a", "b");
        assertEquals(1, child.refused(), () -> String.join("\n", child.answers()));
        assertFailedFilesWereFsyncedOnce();
        assertExactlyTheLedger();
    }

    @Test
    void whenEveryFsyncFailsNothingIsAcknowledgedAndNothingIsLeft() throws Exception {
        Child child = tracing("21+", 2, "a", "b", "c");
        assertEquals(List.of(), child.stored());
        assertEquals(9, child.refused());
        assertFailedFilesWereFsyncedOnce();
        assertExactlyTheLedger();
    }

    @Test
    void ofEveryAcknowledgedObjectEachCopyIsFsyncedAndThenItsDirectory() throws Exception {
        Child child = tracing("1000", 2, "a", "b", "c");
        assertEquals(6, child.stored().size());
        List<String> trace =
                trace().stream().filter(line -> line.contains("fsync(")).toList();
        for (String answer : child.answers().stream()
                .filter(line -> line.startsWith("STORED "))
                .toList()) {
            String name = answer.split(" ")[1];
            for (String volume : answer.split(" ")[2].split(",")) {
                Path root = data.resolve("volumes").resolve(volume);
                int bytes = indexOf(trace, 0, root + "/staging/", name + ".part>");
                indexOf(trace, bytes, root + "/20", "/" + name.substring(0, 2) + ">");
            }
        }
    }

    private static int indexOf(List<String> trace, int from, String... parts) {
        for (int i = from; i < trace.size(); i++) {
            if (Stream.of(parts).allMatch(trace.get(i)::contains)) {
                return i;
            }
        }
        throw new AssertionError("no fsync of " + String.join("…", parts));
    }

    private void assertFailedFilesWereFsyncedOnce() throws IOException {
        List<String> trace = trace();
        Set<String> failed = trace.stream()
                .map(FAILED::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .collect(Collectors.toSet());
        assertFalse(failed.isEmpty(), "no fault was injected");
        failed.stream().filter(path -> path.endsWith(".part")).forEach(path -> {
            long calls = trace.stream()
                    .filter(line -> line.contains("fsync(") && line.contains(path))
                    .count();
            assertEquals(1, calls, path);
        });
    }

    /** One line a call: strace breaks one in two when another thread's comes between, as it does on a busy machine. */
    private List<String> trace() throws IOException {
        Map<String, String> unfinished = new HashMap<>();
        List<String> calls = new ArrayList<>();
        for (String line : Files.readAllLines(data.resolve("trace"))) {
            String thread = line.substring(0, Math.max(0, line.indexOf(' ')));
            Matcher resumed = RESUMED.matcher(line);
            if (line.endsWith(UNFINISHED)) {
                unfinished.put(thread, line.substring(0, line.length() - UNFINISHED.length()));
            } else if (resumed.find()) {
                calls.add(unfinished.remove(thread) + line.substring(resumed.end()));
            } else {
                calls.add(line);
            }
        }
        return calls;
    }

    private Child tracing(String which, int minCopies, String... volumes) throws Exception {
        List<String> strace = List.of(
                "strace",
                "-f",
                "-y",
                "-o",
                data.resolve("trace").toString(),
                "-e",
                "trace=fsync,fdatasync",
                "-e",
                "inject=fsync:error=EIO:when=" + which);
        return Child.run(strace, List.of("-Dprelude=20"), data, minCopies, 9, volumes);
    }

    private void assertExactlyTheLedger() throws IOException {
        List<String> files = new ArrayList<>();
        for (String volume : List.of("a", "b", "c", "d")) {
            Path root = data.resolve("volumes").resolve(volume);
            if (Files.exists(root)) {
                // The child may have ended in the midst of a probe.
                StorageRig.files(root).stream()
                        .filter(file -> !file.contains("/probe-"))
                        .forEach(files::add);
            }
        }
        assertEquals(
                new LedgerOnDisk(data.resolve("ledger")).committedPaths(),
                files.stream().sorted().toList());
    }
}
