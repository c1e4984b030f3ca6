// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.dozo.dicom.Matches;
import org.dozo.dicom.data.Dataset;
import org.dozo.query.StudyFinder.Row;
import org.dozo.settings.QuerySettings;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.Nullable;

/** One query on its way. Used once. */
final class Search {

    /** Rows held at once. The first page is small: most answers fit it, and a reader of many sees the first soon. */
    private static final int FIRST_PAGE = 101;

    private static final int PAGE = 500;

    private final Database database;
    private final StudyQuery query;
    private final @Nullable QueryZone zone;
    private final QueryPlan plan;
    private final MatchBuilder builder;
    private final StudyFinder finder;
    private final int limit;
    private final boolean capped;
    private final int mostHeaders;

    private long toSkip;
    private long given;
    private long looked;
    private boolean more;

    /** @throws FailureException {@link Failure#BAD_IDENTIFIER} */
    Search(Database database, QuerySettings settings, StudyQuery query) {
        this.database = database;
        this.query = query;
        zone = QueryZone.of(query, settings.timezone());
        plan = QueryPlan.of(query, zone);
        builder = new MatchBuilder(query, zone);
        finder = new StudyFinder(database, plan, builder.columns(), needsHeader());
        int asked = query.page().limit();
        capped = asked == 0;
        limit = capped ? settings.maxMatches() : Math.min(asked, settings.maxMatches());
        mostHeaders = settings.maxHeaders();
        toSkip = query.page().offset();
    }

    private boolean needsHeader() {
        return builder.needsHeader() || !plan.fromHeader().isEmpty();
    }

    QueryOutcome run(Matches matches) throws IOException, SQLException {
        long offset = 0;
        if (plan.fromHeader().isEmpty()) {
            offset = toSkip;
            toSkip = 0;
        }
        Row last = null;
        int size = FIRST_PAGE;
        boolean goOn = true;
        while (goOn && !matches.isCancelled()) {
            int wanted = plan.fromHeader().isEmpty() ? (int) Math.min(size, limit - given + 1) : size;
            List<Row> rows = finder.page(last, offset, wanted);
            goOn = give(rows, matches) && rows.size() == wanted;
            offset = 0;
            last = rows.isEmpty() ? null : rows.getLast();
            size = PAGE;
        }
        if (more && capped) {
            throw new FailureException(
                    Failure.QUERY_TOO_BROAD,
                    "There are more than " + limit + " matches (query.max-matches): give narrower keys");
        }
        return new QueryOutcome(given, matches.isCancelled(), more, plan.unsupported());
    }

    /** @return whether further rows are wanted */
    private boolean give(List<Row> rows, Matches matches) throws IOException, SQLException {
        HeaderReader headers = needsHeader()
                ? new HeaderReader(database, rows.stream().map(Row::instance).toList())
                : null;
        for (Row row : rows) {
            if (matches.isCancelled()) {
                return false;
            }
            // One beyond the limit is not read: it only shows that there is one.
            if (given == limit && plan.fromHeader().isEmpty()) {
                more = true;
                return false;
            }
            Dataset header = headers == null ? null : headers.next();
            if (zone != null && header != null) {
                zone.move(header);
            }
            if (isMatch(header)) {
                if (toSkip > 0) {
                    toSkip--;
                } else if (given == limit) {
                    more = true;
                    return false;
                } else {
                    matches.add(builder.build(row.values(), header));
                    given++;
                }
            }
        }
        return true;
    }

    private boolean isMatch(@Nullable Dataset header) {
        if (plan.fromHeader().isEmpty()) {
            return true;
        }
        if (++looked > mostHeaders) {
            throw new FailureException(
                    Failure.QUERY_TOO_BROAD,
                    "Keys that are not indexed would have to be looked up in more than " + mostHeaders
                            + " objects (query.max-headers): give narrower keys");
        }
        return header != null && plan.matches(query.identifier(), header);
    }
}
