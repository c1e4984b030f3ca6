// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.time.Duration;
import java.util.List;
import org.dozo.access.Destination;
import org.dozo.index.ObjectKind;

/** Brings objects to an application entity, by C-STORE over one association a consignment. */
record AssociationCarrier(Destination destination, ObjectSender sender) implements Carrier {

    @Override
    public String name() {
        return destination.aeTitle();
    }

    @Override
    public boolean isPaused() {
        return destination.isPaused();
    }

    @Override
    public Duration troubled() {
        return destination.troubled();
    }

    @Override
    public void carry(Consignment consignment, List<ObjectKind> kinds) {
        new Courier(consignment, destination, kinds, sender).run();
    }
}
