// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.util.Optional;
import org.dozo.shared.Bytes;

/** Where objects are kept as files, under names made of their UIDs. Nothing that is there is ever overwritten. Thread-safe. */
interface FilePlace {

    /** What a glance at the file of an object has shown. */
    enum Found {
        NOTHING,
        /** Not the file that was brought, by the digest that the place told. */
        ANOTHER,
        /** The place tells no digest: that is to be read. */
        UNREAD,
        /** The file that was brought, by the digest that the place told. */
        SAME
    }

    /** @param length in bytes; 0 of nothing */
    record Glance(Found found, long length) {

        static final Glance AT_NOTHING = new Glance(Found.NOTHING, 0);
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
     * Looks whether the file of an object is there as it was brought, as far as shows without reading it.
     *
     * @param brought SHA-256 of the whole file
     * @throws IOException if it is the place's fault
     */
    Glance glance(String study, String series, String instance, Bytes brought) throws IOException;

    /**
     * Reads the file of an object again.
     *
     * @return its SHA-256; empty if it is not there
     * @throws IOException if it is the place's fault
     */
    Optional<Bytes> digest(String study, String series, String instance) throws IOException;

    /** Why an object could not be brought, without what may name it. */
    String reason(IOException fault);
}
