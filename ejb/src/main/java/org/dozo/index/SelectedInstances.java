// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a selection as of one moment, read page by page: between two pages no connection is held. Costs 8 bytes an
 * instance.
 *
 * <p><em>Pitfalls:</em> not thread-safe. An instance that is deleted meanwhile is left out, so that fewer than {@link #size} may
 * come.
 */
public final class SelectedInstances {

    private static final int PAGE = 200;

    private final InstanceCatalogue catalogue;
    private final long[] ids;
    private final Queue<StoredInstance> page = new ArrayDeque<>();
    private int position;

    SelectedInstances(InstanceCatalogue catalogue, long[] ids) {
        this.catalogue = catalogue;
        this.ids = ids;
    }

    /** How many there were when they were selected. */
    public int size() {
        return ids.length;
    }

    /** Of which classes they are and how they are encoded, in the order of their UIDs. */
    public List<ObjectKind> kinds() throws SQLException {
        return ids.length == 0 ? List.of() : catalogue.kinds(ids);
    }

    /** The next one by study, series number and instance number; null after the last. */
    public @Nullable StoredInstance next() throws SQLException {
        while (page.isEmpty() && position < ids.length) {
            int end = Math.min(ids.length, position + PAGE);
            page.addAll(catalogue.load(Arrays.copyOfRange(ids, position, end)));
            position = end;
        }
        return page.poll();
    }
}
