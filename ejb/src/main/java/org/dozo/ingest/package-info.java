// SPDX-License-Identifier: Apache-2.0
/**
 * Objects come in: the door {@link org.dozo.ingest.StoreMdb} and {@link org.dozo.ingest.IngestService}, which stages, checks, and
 * records one object in the one transaction whose commit is the acknowledgement. Neighbours: {@code storage}, {@code index},
 * {@code jobs}, {@code access}. Must never know what becomes of an object later.
 */
@NullMarked
package org.dozo.ingest;

import org.jspecify.annotations.NullMarked;
