// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.byteman.agent.Main;

/** Rules that a node is started with. */
record Byteman(DozoNode node, String rules) {

    private static final String OPTIONS = "server.java-options";

    /** Counts from the next start. */
    void arm() throws IOException {
        Path file = Files.writeString(node.data().resolve("rules.btm"), rules);
        try {
            Path agent = Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            node.set(OPTIONS, "-javaagent:" + agent + "=script:" + file);
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    static void disarm(DozoNode node) {
        node.unset(OPTIONS);
    }
}
