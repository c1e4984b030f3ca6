// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.RetrieveResult;

/**
 * Has the source send what of a study is missing: whole series, single instances of those that are here in part. What is here already is
 * not asked for. Not thread-safe.
 */
final class Pull {

    /** From this attempt on the whole study is asked for at once: there are sources that know nothing smaller. */
    static final int WHOLE_STUDY_FROM = 3;

    private static final int MOST_INSTANCES = 100;
    private static final int MOST_REFUSALS = 3;

    private final SourceArchive source;
    private final PullTask task;
    private final Pace pace;
    private final Watch watch;
    private int refusals;
    private String remark = "";

    Pull(SourceArchive source, PullTask task, Pace pace, Watch watch) {
        this.source = source;
        this.task = task;
        this.pace = pace;
        this.watch = watch;
    }

    /**
     * @param here SOP Instance UIDs that the archive holds
     * @return what the source said besides; empty for nothing
     */
    String run(SourceStudy said, Set<String> here) throws IOException, SourceRefusedException, InterruptedException {
        if (task.attempt() >= WHOLE_STUDY_FROM && !here.containsAll(said.uids())) {
            ask("", List.of(), said.uids().size());
            return remark;
        }
        for (SourceStudy.Series series : said.series()) {
            List<String> missing = series.uids().stream()
                    .filter(uid -> !here.contains(uid))
                    .sorted()
                    .toList();
            if (missing.size() == series.uids().size() && !pace.isLimited()) {
                ask(series.uid(), List.of(), missing.size());
            } else {
                bySingle(series.uid(), missing);
            }
        }
        return remark;
    }

    private void bySingle(String series, List<String> missing)
            throws IOException, SourceRefusedException, InterruptedException {
        int portion = pace.portion(MOST_INSTANCES);
        for (int from = 0; from < missing.size(); from += portion) {
            List<String> part = new ArrayList<>(missing.subList(from, Math.min(missing.size(), from + portion)));
            ask(series, part, part.size());
        }
    }

    private void ask(String series, List<String> instances, int objects)
            throws IOException, SourceRefusedException, InterruptedException {
        if (objects == 0 || watch.isCancelled() || refusals >= MOST_REFUSALS) {
            return;
        }
        RetrieveResult result = source.move(task.study(), series, instances, watch);
        DimseStatus status = result.status();
        if (status.code() != 0 && !watch.isCancelled()) {
            remark = "C-MOVE was answered with " + status + ": "
                    + result.counts().completed() + " sent, " + result.counts().failed() + " failed";
            refusals += status.isDone() ? 0 : 1;
        }
        pace.await(objects, watch::isCancelled);
    }
}
