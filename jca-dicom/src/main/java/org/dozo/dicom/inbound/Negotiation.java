// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.io.FileMetaInformation;
import org.dozo.dicom.net.AssociateAccept;
import org.dozo.dicom.net.AssociateRequest;
import org.dozo.dicom.net.AsynchronousOperationsWindow;
import org.dozo.dicom.net.ExtendedNegotiation;
import org.dozo.dicom.net.PresentationContext;
import org.dozo.dicom.net.PresentationContext.Result;
import org.dozo.dicom.net.ProposedPresentationContext;
import org.dozo.dicom.net.RoleSelection;
import org.dozo.dicom.net.UserIdentity;
import org.dozo.dicom.net.UserInformation;

/**
 * What this side agrees to, PS3.7 §D.3. Of the transfer syntaxes the first acceptable in the proposer's own order is taken:
 * the archive keeps what the peer would rather send.
 */
final class Negotiation {

    private static final Set<String> VERIFICATION_SYNTAXES =
            Set.of("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2");

    /** PS3.4 §B.3.1: level 2 (everything is kept), signatures not specified, elements may be coerced on the way out. */
    private static final byte[] STORAGE_SUPPORT = {2, 0, 0, 0, 1, 0};

    private static final int USER_NAME = 1;
    private static final int USER_NAME_AND_PASSCODE = 2;

    private final ListenerSettings settings;
    private final Set<String> storageSyntaxes = new HashSet<>();

    Negotiation(ListenerSettings settings) {
        this.settings = settings;
        TransferSyntaxes.all().stream()
                .map(TransferSyntax::uid)
                .filter(TransferSyntaxes::isStorable)
                .forEach(storageSyntaxes::add);
        storageSyntaxes.addAll(settings.unknownTransferSyntaxes());
    }

    /** @param storing whether somebody takes C-STORE */
    AssociateAccept answer(AssociateRequest request, boolean storing) {
        List<PresentationContext> contexts = new ArrayList<>();
        Set<String> accepted = new HashSet<>();
        for (ProposedPresentationContext proposal : request.contexts()) {
            PresentationContext context = answer(proposal, storing);
            contexts.add(context);
            if (context.isAccepted()) {
                accepted.add(proposal.abstractSyntaxUid());
            }
        }
        return new AssociateAccept(
                request.calledAeTitle(),
                request.callingAeTitle(),
                contexts,
                answer(request.userInformation(), accepted));
    }

    private PresentationContext answer(ProposedPresentationContext proposal, boolean storing) {
        String abstractSyntaxUid = proposal.abstractSyntaxUid();
        Predicate<String> acceptable;
        if (abstractSyntaxUid.equals(SopClasses.VERIFICATION)) {
            acceptable = VERIFICATION_SYNTAXES::contains;
        } else if (storing && isStorage(abstractSyntaxUid)) {
            acceptable = storageSyntaxes::contains;
        } else {
            return refusal(proposal, Result.ABSTRACT_SYNTAX_NOT_SUPPORTED);
        }
        return proposal.transferSyntaxUids().stream()
                .filter(acceptable)
                .findFirst()
                .map(uid -> new PresentationContext(proposal.id(), Result.ACCEPTANCE, uid))
                .orElseGet(() -> refusal(proposal, Result.TRANSFER_SYNTAXES_NOT_SUPPORTED));
    }

    /** Objects without a patient (PS3.4 GG) have no study to be filed under: refused here, since every one would be refused later. */
    private boolean isStorage(String abstractSyntaxUid) {
        boolean ofTheStandard =
                SopClasses.isStorage(abstractSyntaxUid) && !SopClasses.isNonPatientObject(abstractSyntaxUid);
        return ofTheStandard || settings.privateSopClasses().contains(abstractSyntaxUid);
    }

    private static PresentationContext refusal(ProposedPresentationContext proposal, Result result) {
        return new PresentationContext(
                proposal.id(), result, proposal.transferSyntaxUids().getFirst());
    }

    private UserInformation answer(UserInformation peer, Set<String> accepted) {
        List<RoleSelection> roles = new ArrayList<>();
        for (RoleSelection role : peer.roles()) {
            if (accepted.contains(role.sopClassUid())) {
                // This side is SCP only: the peer may be SCU, never SCP.
                roles.add(new RoleSelection(role.sopClassUid(), role.scu(), false));
            }
        }
        List<ExtendedNegotiation> extended = new ArrayList<>();
        for (ExtendedNegotiation item : peer.extended()) {
            if (accepted.contains(item.sopClassUid()) && isStorage(item.sopClassUid())) {
                extended.add(new ExtendedNegotiation(item.sopClassUid(), STORAGE_SUPPORT));
            }
        }
        return new UserInformation(
                settings.maxPdu(),
                FileMetaInformation.IMPLEMENTATION_CLASS_UID,
                FileMetaInformation.IMPLEMENTATION_VERSION_NAME,
                peer.window() == null ? null : AsynchronousOperationsWindow.SYNCHRONOUS,
                roles,
                extended,
                List.of(),
                null,
                wantsPositiveAnswer(peer));
    }

    /** User names are taken note of, not verified; the other types would need an answer that this side can't make. */
    private static boolean wantsPositiveAnswer(UserInformation peer) {
        UserIdentity identity = peer.userIdentity();
        return identity != null
                && identity.positiveResponseRequested()
                && (identity.type() == USER_NAME || identity.type() == USER_NAME_AND_PASSCODE);
    }
}
