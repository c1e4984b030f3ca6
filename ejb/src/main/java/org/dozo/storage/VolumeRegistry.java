// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** Which volumes the archive has ever had. A registered volume is never initialised again. */
public interface VolumeRegistry {

    Optional<Registration> find(String volumeName) throws SQLException;

    /** Registers the volume unless it is already; returns the registration that counts, which may be of another marker. */
    Registration register(String volumeName, UUID marker) throws SQLException;

    /** @param id the volume's key in the table {@code volume} */
    record Registration(short id, UUID marker) {}
}
