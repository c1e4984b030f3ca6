// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A real S3 service, S3Proxy, as a process of its own: it checks signatures and digests, and its buckets are directories in which each
 * object is a file of its key's name.
 */
public final class S3Server implements AutoCloseable {

    public static final String ACCESS_KEY = "AKIADOZOTEST";
    public static final String SECRET_KEY = "a/secret+key";

    private static final Path PROGRAM = Path.of("target", "s3", "s3proxy.jar").toAbsolutePath();
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long GLANCE_MILLIS = 50;

    private final Path directory;
    private final int port = Ports.one();
    private final Thread guard = new Thread(this::kill9);
    private Process process;

    private S3Server(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory.resolve("buckets"));
        Files.writeString(directory.resolve("s3proxy.conf"), """
                s3proxy.authorization=aws-v4
                s3proxy.endpoint=http://127.0.0.1:%d
                s3proxy.identity=%s
                s3proxy.credential=%s
                s3proxy.v4-max-non-chunked-request-size=1073741824
                jclouds.provider=filesystem-nio2
                jclouds.filesystem.basedir=%s
                """.formatted(
                        port, ACCESS_KEY, SECRET_KEY, directory.resolve("buckets")));
        process = launch();
        Runtime.getRuntime().addShutdownHook(guard);
    }

    /** Returns when it answers. */
    public static S3Server start(Path directory) throws IOException, InterruptedException {
        S3Server server = new S3Server(directory);
        server.awaitAnswer();
        return server;
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        PROGRAM.toString(),
                        "--properties",
                        directory.resolve("s3proxy.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("s3proxy.log").toFile()))
                .start();
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!isAnswering()) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new AssertionError(
                        "S3Proxy does not start:\n" + Files.readString(directory.resolve("s3proxy.log")));
            }
            Thread.sleep(GLANCE_MILLIS);
        }
    }

    private boolean isAnswering() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(endpoint()).toURL().openConnection();
            return socket.isConnected() && connection.getResponseCode() > 0;
        } catch (java.net.ConnectException e) {
            return false;
        }
    }

    /** Its URL. */
    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** The directory of a bucket; a bucket is there if it is. */
    public Path bucket(String name) {
        return directory.resolve("buckets").resolve(name);
    }

    /** As a loss of power. */
    public void kill9() {
        process.destroyForcibly();
        process.onExit().join();
    }

    public void startAgain() throws IOException, InterruptedException {
        process = launch();
        awaitAnswer();
    }

    @Override
    public void close() {
        kill9();
        Runtime.getRuntime().removeShutdownHook(guard);
    }
}
