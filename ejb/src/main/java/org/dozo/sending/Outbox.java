// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.dozo.dicom.data.Dataset;
import org.dozo.index.Corrections;
import org.dozo.index.SelectedInstances;
import org.dozo.index.StoredInstance;
import org.jspecify.annotations.Nullable;

/** What is still to be sent, in the order of the selection, with the corrections that apply. Thread-safe. */
public final class Outbox {

    private static final int PAGE = 100;

    private final SelectedInstances selected;
    private final Corrections corrections;
    private final Deque<Item> page = new ArrayDeque<>();

    public Outbox(SelectedInstances selected, Corrections corrections) {
        this.selected = selected;
        this.corrections = corrections;
    }

    /**
     * One object to send.
     *
     * @param patch empty if it goes out as it was received
     */
    public record Item(StoredInstance instance, Dataset patch) {}

    /** The next one; null after the last. */
    public synchronized @Nullable Item next() throws SQLException {
        if (page.isEmpty()) {
            load();
        }
        return page.poll();
    }

    /** Puts one back that could not be sent, to be the next. */
    synchronized void giveBack(Item item) {
        page.addFirst(item);
    }

    private void load() throws SQLException {
        List<StoredInstance> instances = new ArrayList<>();
        for (int i = 0; i < PAGE; i++) {
            StoredInstance next = selected.next();
            if (next == null) {
                break;
            }
            instances.add(next);
        }
        Map<Long, Dataset> patches = corrections.patchesFor(
                instances.stream().map(StoredInstance::instanceId).toList());
        for (StoredInstance instance : instances) {
            page.add(new Item(instance, patches.getOrDefault(instance.instanceId(), new Dataset())));
        }
    }
}
