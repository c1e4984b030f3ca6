// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.ResourceAdapter;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What a message-driven bean asks for: one listener interface. Two of the same kind are equal. */
public abstract sealed class Activation implements ActivationSpec, Serializable
        permits StoreActivation,
                AssociationActivation,
                FindActivation,
                MoveActivation,
                GetActivation,
                CommitmentActivation {

    private static final long serialVersionUID = 1L;

    private final Class<?> listener;
    private transient @Nullable ResourceAdapter resourceAdapter;

    Activation(Class<?> listener) {
        this.listener = listener;
    }

    final Class<?> listener() {
        return listener;
    }

    @Override
    public void validate() {
        // Nothing can be set, so nothing can be wrong.
    }

    @Override
    public @Nullable ResourceAdapter getResourceAdapter() {
        return resourceAdapter;
    }

    @Override
    public void setResourceAdapter(ResourceAdapter adapter) throws ResourceException {
        if (resourceAdapter != null && !resourceAdapter.equals(adapter)) {
            throw new ResourceException("The activation belongs to another resource adapter already");
        }
        resourceAdapter = adapter;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof Activation activation && listener.equals(activation.listener);
    }

    @Override
    public final int hashCode() {
        return listener.hashCode();
    }
}
