// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import org.jspecify.annotations.Nullable;

/**
 * A DIMSE message as it arrives, PS3.7 §6.3.
 *
 * @param dataSet null if the command says that there is none; else it must be read, or drained, before the next message
 */
public record DimseMessage(
        AcceptedContext context,
        CommandSet command,
        @Nullable DataSetInputStream dataSet) {}
