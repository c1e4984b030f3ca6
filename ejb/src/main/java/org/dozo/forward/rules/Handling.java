// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.jobs.Window;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * How what a rule selects is sent.
 *
 * @param window when its sending may begin, by the clock and time zone of the node that sends; empty for at any time. STAT waits for none
 * @param coercion what is changed on the way
 * @param transferSyntaxes UIDs, the dearest first, none twice; what can't be converted goes as without them
 */
public record Handling(Optional<Window> window, Coercion coercion, List<String> transferSyntaxes) {

    /** At any time, and as it is kept wherever that is taken. */
    public static final Handling USUAL = new Handling(Optional.empty(), Coercion.NONE, List.of());

    /** @throws FailureException {@link Failure#INVALID_RECORD} naming the transfer syntax that is none, or is there twice */
    public Handling {
        transferSyntaxes = List.copyOf(transferSyntaxes);
        for (String uid : transferSyntaxes) {
            if (!TransferSyntaxes.isStorable(uid)) {
                throw invalid(
                        "has \"" + uid + "\", which is no transfer syntax that objects are kept in; see the table of"
                                + " transfer syntaxes in docs/conformance/dicom.md");
            }
        }
        if (new HashSet<>(transferSyntaxes).size() < transferSyntaxes.size()) {
            throw invalid("has one twice; leave one out");
        }
    }

    private static FailureException invalid(String fault) {
        return new FailureException(Failure.INVALID_RECORD, "The rule's transferSyntaxes " + fault);
    }

    public boolean isUsual() {
        return equals(USUAL);
    }
}
