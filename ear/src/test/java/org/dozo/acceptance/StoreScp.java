// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.io.Part10;

/** DCMTK's {@code storescp} as a move destination: keeps every data set bit for bit in a directory of its own. */
final class StoreScp implements AutoCloseable {

    private final Path directory;
    private final int port;
    private final Process process;
    /** For a test run that is interrupted. */
    private final Thread guard = new Thread(this::end);

    private StoreScp(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /** @param options beyond those that make it take everything, as {@code --abort-after} */
    static StoreScp start(Path directory, String... options) throws Exception {
        return startAt(Ports.one(), directory, options);
    }

    /** As {@link #start}, where another was before. */
    static StoreScp startAt(int port, Path directory, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("storescp", "+B", "+xa", "-pm", "+uf", "-od"));
        command.add(Files.createDirectories(directory).toString());
        command.addAll(List.of(options));
        command.add("" + port);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        // Its answers wait for nothing.
        builder.environment().put("TCP_NODELAY", "1");
        Process process = builder.start();
        StoreScp scp = new StoreScp(directory, port, process);
        Runtime.getRuntime().addShutdownHook(scp.guard);
        Await.until("storescp listens", Duration.ofSeconds(30), scp::isListening);
        return scp;
    }

    int port() {
        return port;
    }

    Path directory() {
        return directory;
    }

    /**
     * The SHA-256 of each data set that came, in hexadecimal digits, by SOP Instance UID of the meta information; those
     * still on their way are left out. {@code storescp} closes a file before it answers, so all that it acknowledged are
     * there.
     */
    Map<String, String> digests() throws IOException {
        return digests(came());
    }

    /** As {@link #digests()}, of the DICOM files in any directory that nobody writes to. */
    static Map<String, String> digests(Path directory) throws IOException {
        return digests(files(directory));
    }

    private static Map<String, String> digests(List<Path> files) throws IOException {
        Map<String, String> digests = new HashMap<>();
        for (Path file : files) {
            try (Part10 part10 = Part10.open(file)) {
                MessageDigest digest = SentObjects.sha256();
                try (InputStream in = new DigestInputStream(part10.dataSet(), digest)) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
                digests.put(
                        part10.meta().getString(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID, ""),
                        HexFormat.of().formatHex(digest.digest()));
            }
        }
        return digests;
    }

    /** Files that came: of an object that came twice it keeps two. */
    int received() throws IOException {
        return came().size();
    }

    /** Listed first, then asked which are open: one that is closed in between is whole. */
    private List<Path> came() throws IOException {
        List<Path> files = new ArrayList<>(files(directory.toRealPath()));
        files.removeAll(open());
        return files;
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    /** What the process holds open; nothing when it has ended. */
    private Set<Path> open() throws IOException {
        Set<Path> open = new HashSet<>();
        Path descriptors = Path.of("/proc/" + process.pid() + "/fd");
        if (Files.isDirectory(descriptors)) {
            for (Path descriptor : files(descriptors)) {
                try {
                    open.add(Files.readSymbolicLink(descriptor));
                } catch (NoSuchFileException e) {
                    // Closed since they were listed.
                }
            }
        }
        return open;
    }

    /** Its process hangs from now on: the kernel lets in who calls, and nobody answers. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP", Stream.of(process.toHandle()));
        signal("STOP", process.descendants());
    }

    /** It goes on. */
    void thaw() throws IOException, InterruptedException {
        signal("CONT", Stream.concat(process.descendants(), Stream.of(process.toHandle())));
    }

    private static void signal(String signal, Stream<ProcessHandle> processes)
            throws IOException, InterruptedException {
        for (ProcessHandle each : processes.toList()) {
            // One that serves an association may have ended with it.
            if (Shell.run("kill", "-" + signal, "" + each.pid()).exit() != 0 && each.isAlive()) {
                throw new AssertionError("storescp, process " + each.pid() + ", can't be sent " + signal);
            }
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void end() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(guard);
        end();
        process.onExit().join();
    }
}
