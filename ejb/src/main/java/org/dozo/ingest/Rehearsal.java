// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.cluster.Preparation;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.shared.FailureException;

/**
 * Takes a made-up object in and takes it back again, over and over: a node that has just started would else do its first thousand real
 * ones at half its speed, while the virtual machine still compiles. Nothing of it stays, but for gaps between the keys of rows.
 */
@Singleton
public class Rehearsal implements Preparation {

    private static final Logger LOG = Logger.getLogger(Rehearsal.class.getName());
    private static final String CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";
    private static final int PIXELS = 512 << 10;
    private static final int THREADS = 2;

    private final IngestService ingest;

    @Inject
    public Rehearsal(IngestService ingest) {
        this.ingest = ingest;
    }

    @Override
    public void prepare(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(Thread.ofPlatform().daemon().name("dozo-rehearsal-" + i).start(() -> rehearse(end)));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } finally {
            threads.forEach(Thread::interrupt);
        }
    }

    private void rehearse(long end) {
        Dataset object = object("2.25." + new BigInteger(127, new SecureRandom()));
        byte[] dataSet = DatasetWriter.toBytes(object, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        Arrival arrival = new Arrival(
                CT_IMAGE_STORAGE,
                object.getString(Tag.SOP_INSTANCE_UID, ""),
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(),
                "REHEARSAL",
                "REHEARSAL",
                "127.0.0.1");
        try {
            while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
                ingest.rehearse(arrival, new ByteArrayInputStream(dataSet));
            }
        } catch (IOException | FailureException e) {
            // The first real object will say what is wrong, to somebody who waits for the answer.
            LOG.log(Level.FINE, "The rehearsal of the ingest was given up", e);
        }
    }

    private static Dataset object(String uid) {
        return new Dataset()
                .setString(Tag.SOP_CLASS_UID, VR.UI, CT_IMAGE_STORAGE)
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, uid)
                .setString(Tag.STUDY_DATE, VR.DA, "20000101")
                .setString(Tag.STUDY_TIME, VR.TM, "120000")
                .setString(Tag.MODALITY, VR.CS, "CT")
                .setString(Tag.PATIENT_NAME, VR.PN, "Rehearsal^Dozo")
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, uid)
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, uid)
                .setInts(Tag.ROWS, VR.US, 512)
                .setInts(Tag.COLUMNS, VR.US, 512)
                .setBytes(Tag.PIXEL_DATA, VR.OW, new byte[PIXELS]);
    }
}
