// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dozo.access.NamedDestination;

/** What it takes to be let in at a destination: one line of a file of this node. It is never logged, nor in a message. */
final class Secret {

    private final String name;
    private final Path file;
    private final String wanted;

    /**
     * @param directory of the files that hold secrets
     * @param wanted what stands in the file, for operators
     */
    Secret(NamedDestination destination, Path directory, String wanted) {
        this.name = destination.name();
        this.file = directory.resolve(destination.secret());
        this.wanted = wanted;
    }

    /**
     * As it is in the file now: it may change while the node runs.
     *
     * @return one line of ASCII
     * @throws IOException saying what to do
     */
    String read() throws IOException {
        String text;
        try {
            text = Files.readString(file).strip();
        } catch (IOException e) {
            throw new IOException(
                    "The secret of " + name + " can't be read. Remedy: put it into " + file
                            + " on every node, readable by the user that runs Dozo",
                    e);
        }
        if (text.chars().anyMatch(character -> character < ' ' || character > '~') || text.isEmpty()) {
            throw malformed("is empty or has more than one line of ASCII");
        }
        return text;
    }

    /** @param fault the rest of a sentence about the file */
    IOException malformed(String fault) {
        return new IOException("The secret of " + name + " in " + file + " " + fault + ". Remedy: " + wanted);
    }
}
