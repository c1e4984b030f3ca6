// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one import. */
final class Tally {

    private final Map<Verdict.Kind, LongAdder> files = new EnumMap<>(Verdict.Kind.class);
    private final LongAdder bytes = new LongAdder();

    Tally() {
        for (Verdict.Kind kind : Verdict.Kind.values()) {
            files.put(kind, new LongAdder());
        }
    }

    void count(Verdict verdict, long sourceBytes) {
        adder(verdict.kind()).increment();
        bytes.add(sourceBytes);
    }

    long bytes() {
        return bytes.sum();
    }

    ImportCounts counts() {
        return new ImportCounts(
                adder(Verdict.Kind.STORED).sum(),
                adder(Verdict.Kind.KNOWN).sum(),
                adder(Verdict.Kind.SKIPPED).sum(),
                adder(Verdict.Kind.REFUSED).sum(),
                adder(Verdict.Kind.MISSING).sum());
    }

    private LongAdder adder(Verdict.Kind kind) {
        return files.computeIfAbsent(kind, none -> new LongAdder());
    }
}
