// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.index.InstanceIndex;
import org.dozo.index.ObjectLedger;
import org.dozo.shared.CurrentTerm;
import org.dozo.shared.Database;
import org.dozo.shared.NodeTerm;
import org.dozo.storage.ObjectStorage;

/** Takes objects in, for tests of other packages. */
public final class Intakes {

    private final IngestService ingest;

    public Intakes(ObjectStorage storage, Database database, InstanceIndex index, ObjectLedger ledger) {
        this(storage, database, index, ledger, new NodeTerm("node1", NodeTerm.NONE));
    }

    /** @param term that the node is in, whatever happens */
    public Intakes(ObjectStorage storage, Database database, InstanceIndex index, ObjectLedger ledger, NodeTerm term) {
        ingest = new IngestService(
                storage,
                database,
                index,
                ledger,
                ParseLimits.DEFAULT,
                new CurrentTerm(term),
                new IngestMetrics(new SimpleMeterRegistry()));
    }

    public void take(String source, Dataset object, TransferSyntax syntax, InputStream dataSet) throws IOException {
        Arrival arrival = new Arrival(
                object.getString(Tag.SOP_CLASS_UID, ""),
                object.getString(Tag.SOP_INSTANCE_UID, ""),
                syntax.uid(),
                source,
                "DOZO",
                "127.0.0.1");
        ingest.ingest(arrival, dataSet);
    }
}
