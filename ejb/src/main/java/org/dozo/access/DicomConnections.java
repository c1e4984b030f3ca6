// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import jakarta.annotation.Resource;
import jakarta.enterprise.inject.Produces;
import org.dozo.dicom.DicomConnectionFactory;
import org.jspecify.annotations.Nullable;

/** Hands the adapter's outbound side to those who call peers. */
public class DicomConnections {

    @Resource(lookup = "java:/dozo/DicomConnectionFactory")
    private @Nullable DicomConnectionFactory factory;

    @Produces
    DicomConnectionFactory factory() {
        if (factory == null) {
            throw new IllegalStateException("The server has no java:/dozo/DicomConnectionFactory");
        }
        return factory;
    }
}
