// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** An Orthanc of its own as peer, spoken to by its REST API. It calls the node DOZO, and is known to it. */
final class Orthanc implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/Orthanc");
    private static final Path DICOM_WEB = Path.of("/usr/share/orthanc/plugins/libOrthancDicomWeb.so");

    private final Process process;
    private final int httpPort;
    private final int dicomPort;

    private Orthanc(Process process, int httpPort, int dicomPort) {
        this.process = process;
        this.httpPort = httpPort;
        this.dicomPort = dicomPort;
    }

    /** Skips the test where Orthanc is not installed. */
    static Orthanc start(Path directory, DozoNode node, String aeTitle) throws Exception {
        return start(directory, node, aeTitle, "");
    }

    /** With its DICOMweb plugin; skips the test where that is not installed. */
    static Orthanc startWithDicomWeb(Path directory, DozoNode node, String aeTitle) throws Exception {
        Assumptions.assumeTrue(Files.isRegularFile(DICOM_WEB), "Orthanc's DICOMweb plugin is not installed");
        return start(directory, node, aeTitle, "\"" + DICOM_WEB + "\"");
    }

    private static Orthanc start(Path directory, DozoNode node, String aeTitle, String plugins) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "Orthanc is not installed");
        int http = Ports.one();
        int dicom = Ports.one();
        Path configuration = Files.createDirectories(directory).resolve("orthanc.json");
        Files.writeString(
                configuration, """
                {"StorageDirectory": "%s", "IndexDirectory": "%s", "HttpPort": %d, "DicomPort": %d, "DicomAet": "%s",
                 "AuthenticationEnabled": false, "DicomCheckCalledAet": true, "Plugins": [%s],
                 "DicomModalities": {"dozo": {"AET": "DOZO", "Host": "127.0.0.1", "Port": %d, "AllowStorageCommitment": true}}}
                """.formatted(directory, directory, http, dicom, aeTitle, plugins, node.dicomPort()));
        Process process = new ProcessBuilder(PROGRAM.toString(), "--verbose", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("orthanc.log").toFile())
                .start();
        Orthanc orthanc = new Orthanc(process, http, dicom);
        Await.until(
                "Orthanc answers",
                Duration.ofSeconds(60),
                () -> Shell.run("curl", "-sf", orthanc.url("/system")).exit() == 0);
        node.dozo("peer", "add", aeTitle, "127.0.0.1", "" + dicom, "--allow", "store,commit")
                .orFail();
        return orthanc;
    }

    int dicomPort() {
        return dicomPort;
    }

    String get(String path) throws Exception {
        return Shell.run("curl", "-sf", url(path)).orFail().output();
    }

    String post(String path, String json) throws Exception {
        return Shell.run("curl", "-sf", "--data-binary", json, url(path))
                .orFail()
                .output();
    }

    /** The base URL of its DICOMweb service, where it has one. */
    String dicomWeb() {
        return url("/dicom-web");
    }

    /** Copies the files of all instances, byte for byte as it keeps them, into the directory. */
    void copyFiles(Path directory) throws Exception {
        Files.createDirectories(directory);
        for (Object id : (List<?>) Web.json(get("/instances"))) {
            Shell.run("curl", "-sf", "-o", directory.resolve(id + ".dcm").toString(), url("/instances/" + id + "/file"))
                    .orFail();
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + httpPort + path;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
