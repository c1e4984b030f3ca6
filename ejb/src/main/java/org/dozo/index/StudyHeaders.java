// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one study, read a few at first and more each time, at most 4 MiB at once; one alone may be larger. Between two reads no
 * connection is held.
 *
 * <p><em>Pitfalls:</em> not thread-safe. An instance that is deleted meanwhile is left out.
 */
public final class StudyHeaders {

    private static final long MOST_BYTES = 4L << 20;
    private static final int FIRST_PAGE = 8;
    private static final int LARGEST_PAGE = 256;

    /** An instance's row, and the bytes of its header. */
    record Place(long instance, int bytes) {}

    private final FiledHeaders headers;
    private final List<Place> places;
    private final Queue<FiledHeader> page = new ArrayDeque<>();
    private int position;
    private int pageSize = FIRST_PAGE;

    StudyHeaders(FiledHeaders headers, List<Place> places) {
        this.headers = headers;
        this.places = places;
    }

    /** How many there were when they were selected. */
    public int size() {
        return places.size();
    }

    /** Null after the last. */
    public @Nullable FiledHeader next() throws SQLException {
        while (page.isEmpty() && position < places.size()) {
            page.addAll(headers.load(nextPage()));
        }
        return page.poll();
    }

    private List<Long> nextPage() {
        List<Long> ids = new ArrayList<>();
        long bytes = 0;
        while (position < places.size() && ids.size() < pageSize) {
            Place place = places.get(position);
            bytes += place.bytes();
            if (!ids.isEmpty() && bytes > MOST_BYTES) {
                break;
            }
            ids.add(place.instance());
            position++;
        }
        pageSize = Math.min(2 * pageSize, LARGEST_PAGE);
        return ids;
    }
}
