// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.dozo.shared.DurableFile;

/**
 * A process of its own that stores objects, one after the other, and prints the name of each that it would acknowledge. Made to
 * be killed. Arguments: data directory, min-copies, number of objects, volumes.
 */
final class WriterProcess {

    static final int LENGTH = 150_000;

    private WriterProcess() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(System.out, true);
        StorageRig rig = new StorageRig(
                Path.of(arguments[0]),
                List.of(arguments).subList(3, arguments.length).toArray(String[]::new));
        rig.minCopies = Integer.parseInt(arguments[1]);
        rig.start();
        // So that a fault counted by thread hits this thread's copy and the other thread's in different objects.
        for (int i = 0; i < Integer.getInteger("prelude", 0); i++) {
            DurableFile.forceDirectory(rig.data);
        }
        answers.println("STARTED");
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            try (StagedObject<Integer> staged = rig.stage(StorageRig.dataSet(LENGTH))) {
                List<StoredCopy> copies = rig.storage.keep(staged);
                if (i % 3 == 2) {
                    // Refused at the last moment, as a duplicate is.
                    continue;
                }
                rig.ledger.commit(staged.name(), copies);
                rig.storage.settle(staged);
                answers.println("STORED " + staged.name() + " "
                        + String.join(
                                ",", copies.stream().map(StoredCopy::volumeName).toList()));
            } catch (StorageUnavailableException e) {
                answers.println("REFUSED " + e.getMessage());
            }
        }
        answers.println("DONE");
    }
}
