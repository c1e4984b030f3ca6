// SPDX-License-Identifier: Apache-2.0
/**
 * The acceptor: the resource adapter's listener, one {@code AssociationWork} a connection, routing of each request to
 * the endpoint that the archive has activated, drain. Must never know what an endpoint does.
 */
@NullMarked
package org.dozo.dicom.inbound;

import org.jspecify.annotations.NullMarked;
