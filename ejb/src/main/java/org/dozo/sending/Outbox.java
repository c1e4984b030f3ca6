// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.Patch;
import org.dozo.dicom.io.ScannedObject;
import org.dozo.index.Corrections;
import org.dozo.index.SelectedInstances;
import org.dozo.index.StoredInstance;
import org.jspecify.annotations.Nullable;

/** What is still to be sent, in the order of the selection, with the corrections and wishes that apply. Thread-safe. */
public final class Outbox {

    private static final int PAGE = 100;

    private final SelectedInstances selected;
    private final Corrections corrections;
    private final Map<Long, Wishes> wishes;
    private final Deque<Item> page = new ArrayDeque<>();

    public Outbox(SelectedInstances selected, Corrections corrections) {
        this(selected, corrections, Map.of());
    }

    /** @param wishes by {@code instance.id} */
    public Outbox(SelectedInstances selected, Corrections corrections, Map<Long, Wishes> wishes) {
        this.selected = selected;
        this.corrections = corrections;
        this.wishes = Map.copyOf(wishes);
    }

    /**
     * One object to send.
     *
     * @param corrections empty for none
     * @param wishes of whoever sends it
     */
    public record Item(StoredInstance instance, Dataset corrections, Wishes wishes) {

        /** Whether nothing of its data set is changed, but for its encoding. */
        boolean isAsKept() {
            return corrections.isEmpty() && wishes.replacements().isEmpty();
        }

        /** The object as it goes out. */
        ScannedObject changed(ScannedObject object) throws DicomFormatException {
            return Patch.apply(object, corrections, wishes.replacements());
        }
    }

    /** The transfer syntaxes that are wished for any of the objects. */
    Set<String> syntaxes() {
        return wishes.values().stream()
                .flatMap(each -> each.syntaxes().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

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
            page.add(new Item(
                    instance,
                    patches.getOrDefault(instance.instanceId(), new Dataset()),
                    wishes.getOrDefault(instance.instanceId(), Wishes.NONE)));
        }
    }
}
