// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A carrier that can look, in its own way, at what its destination has. */
public interface Inspector extends Carrier {

    /**
     * Looks whether objects of a study are there.
     *
     * @param isStopped asked between two objects: then nothing is known
     * @return empty if it was stopped
     * @throws IOException if the destination can't be reached, or has no place free
     */
    Optional<Inspection> inspect(Sent sent, BooleanSupplier isStopped) throws IOException, InterruptedException;

    /**
     * Tries the destination with something small, whether it is left alone or not.
     *
     * @throws IOException saying what is wrong and what to do
     */
    void probe() throws IOException;

    /**
     * Tries the destination as far as can be without leaving anything there, for an operator who asks.
     *
     * @return what was seen: half a sentence or more, without a full stop
     * @throws IOException saying what is wrong and what to do
     */
    String trial() throws IOException;
}
