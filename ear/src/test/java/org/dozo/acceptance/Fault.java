// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

/** What happens to a cluster under load, and the way back; it leaves in the rehearsal how long senders noticed it. */
@FunctionalInterface
interface Fault {

    void happen(Rehearsal rehearsal) throws Exception;
}
