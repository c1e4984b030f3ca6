// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * The term that this node is in. What is begun in one term and written in the next is refused by the database: meanwhile others may
 * have counted on its never coming. Thread-safe.
 */
@Singleton
public class CurrentTerm {

    private volatile NodeTerm term;

    /** Not begun: nothing may be written. */
    @Inject
    public CurrentTerm(NodeName name) {
        this(new NodeTerm(name.value(), NodeTerm.ENDED));
    }

    public CurrentTerm(NodeTerm term) {
        this.term = term;
    }

    public NodeTerm get() {
        return term;
    }

    public void begin(long epoch) {
        term = new NodeTerm(term.node(), epoch);
    }

    public void end() {
        begin(NodeTerm.ENDED);
    }
}
