// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import org.dozo.shared.Bytes;

/** Where objects are kept as files, under names made of their UIDs. Nothing that is there is ever overwritten. Thread-safe. */
interface FilePlace {

    /** What a look at the file of an object has shown. */
    enum Found {
        NOTHING,
        /** Not the file that was brought. */
        ANOTHER,
        /** A file of its name and length, of which no digest is to be had. */
        UNCOMPARED,
        /** The file that was brought, by its digest. */
        SAME
    }

    /**
     * Tries it with something small.
     *
     * @throws IOException saying what is wrong and what to do
     */
    void probe() throws IOException;

    /**
     * Writes a {@link TrialPiece}, reads it back, compares it and removes it.
     *
     * @return what was seen, for operators: half a sentence or more, without a full stop
     * @throws IOException saying what is wrong and what to do
     */
    String trial() throws IOException;

    /**
     * Brings one object, unless it is there. Whoever is killed in here does it again.
     *
     * @return SHA-256 of its whole file
     * @throws UnsendableException if another file is there, or the object can't be read
     * @throws IOException if it may be the place's fault: {@link #blame} says
     */
    Bytes bring(OutgoingFile object) throws IOException;

    /**
     * Returns if the place is well otherwise, so that it is the object's fault.
     *
     * @param fault why an object could not be brought
     * @param bytes how many it has
     * @throws IOException saying what is wrong with the place and what to do
     */
    void blame(IOException fault, long bytes) throws IOException;

    /**
     * How many bytes {@link #look} reads; -1 if there is nothing to look at.
     *
     * @throws IOException if it is the place's fault
     */
    long length(String study, String series, String instance) throws IOException;

    /**
     * Looks whether the file of an object is there as it was brought.
     *
     * @param brought SHA-256 of the whole file
     * @throws IOException if it is the place's fault
     */
    Found look(String study, String series, String instance, Bytes brought) throws IOException;

    /** Why an object could not be brought, without what may name it. */
    String reason(IOException fault);
}
