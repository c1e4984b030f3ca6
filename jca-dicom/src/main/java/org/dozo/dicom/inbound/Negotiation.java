// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.dozo.dicom.CommitmentListener;
import org.dozo.dicom.StoreListener;
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
 * the archive keeps what the peer would rather send. Where the peer is to receive, an uncompressed one is: see {@link #SENT}.
 */
final class Negotiation {

    /** Of everything but objects. Deflated is left out: identifiers are small, and a bomb is not. */
    private static final Set<String> PLAIN_SYNTAXES = Set.of(
            TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid(),
            TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(),
            TransferSyntax.EXPLICIT_VR_BIG_ENDIAN.uid());

    /**
     * What is taken first of a context for objects that the peer will fetch by C-GET. Which objects is not known yet, and an
     * object can be brought from any uncompressed syntax to another, never into a compressed one: among JPEG and explicit little
     * endian, JPEG would fit the fewest. A peer that wants objects as they are stored proposes one context for each syntax.
     */
    private static final List<String> SENT =
            List.of(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid());

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

    /** @param listening whether somebody listens to a listener interface */
    AssociateAccept answer(AssociateRequest request, Predicate<Class<?>> listening) {
        Set<String> fetched = fetched(request, listening);
        List<PresentationContext> contexts = new ArrayList<>();
        Set<String> accepted = new HashSet<>();
        for (ProposedPresentationContext proposal : request.contexts()) {
            PresentationContext context = answer(proposal, listening, fetched);
            contexts.add(context);
            if (context.isAccepted()) {
                accepted.add(proposal.abstractSyntaxUid());
            }
        }
        UserInformation peer = request.userInformation();
        return new AssociateAccept(
                request.calledAeTitle(),
                request.callingAeTitle(),
                contexts,
                new UserInformation(
                        settings.maxPdu(),
                        FileMetaInformation.IMPLEMENTATION_CLASS_UID,
                        FileMetaInformation.IMPLEMENTATION_VERSION_NAME,
                        peer.window() == null ? null : AsynchronousOperationsWindow.SYNCHRONOUS,
                        roles(peer, accepted, listening, fetched),
                        extended(peer, accepted),
                        List.of(),
                        null,
                        wantsPositiveAnswer(peer)));
    }

    /** The classes for which the peer wants to be SCP, PS3.7 §D.3.3.4: none unless it can also ask for objects by C-GET. */
    private Set<String> fetched(AssociateRequest request, Predicate<Class<?>> listening) {
        Set<String> uids = new HashSet<>();
        boolean canGet = request.contexts().stream()
                .anyMatch(proposal -> QueryRetrieve.of(proposal.abstractSyntaxUid()) == QueryRetrieve.GET
                        && answer(proposal, listening, uids).isAccepted());
        for (RoleSelection role : request.userInformation().roles()) {
            if (canGet && role.scp() && isStorage(role.sopClassUid())) {
                uids.add(role.sopClassUid());
            }
        }
        return uids;
    }

    private PresentationContext answer(
            ProposedPresentationContext proposal, Predicate<Class<?>> listening, Set<String> fetched) {
        String abstractSyntaxUid = proposal.abstractSyntaxUid();
        QueryRetrieve service = QueryRetrieve.of(abstractSyntaxUid);
        boolean send = fetched.contains(abstractSyntaxUid);
        Set<String> acceptable;
        if (abstractSyntaxUid.equals(SopClasses.VERIFICATION)
                || (service != null && listening.test(service.listener()))
                || (isCommitment(abstractSyntaxUid) && listening.test(CommitmentListener.class))) {
            acceptable = PLAIN_SYNTAXES;
        } else if (send || (listening.test(StoreListener.class) && isStorage(abstractSyntaxUid))) {
            acceptable = storageSyntaxes;
        } else {
            return refusal(proposal, Result.ABSTRACT_SYNTAX_NOT_SUPPORTED);
        }
        return Stream.concat(send ? SENT.stream() : Stream.of(), proposal.transferSyntaxUids().stream())
                .filter(acceptable::contains)
                .filter(proposal.transferSyntaxUids()::contains)
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

    private static boolean isCommitment(String abstractSyntaxUid) {
        return abstractSyntaxUid.equals(SopClasses.STORAGE_COMMITMENT);
    }

    private static PresentationContext refusal(ProposedPresentationContext proposal, Result result) {
        return new PresentationContext(
                proposal.id(), result, proposal.transferSyntaxUids().getFirst());
    }

    private static List<RoleSelection> roles(
            UserInformation peer, Set<String> accepted, Predicate<Class<?>> listening, Set<String> fetched) {
        List<RoleSelection> roles = new ArrayList<>();
        for (RoleSelection role : peer.roles()) {
            if (accepted.contains(role.sopClassUid()) && isCommitment(role.sopClassUid())) {
                // Both roles are played: requests come from the one, reports from the other.
                roles.add(role);
            } else if (accepted.contains(role.sopClassUid())) {
                boolean send = fetched.contains(role.sopClassUid());
                boolean take = !send || listening.test(StoreListener.class);
                roles.add(new RoleSelection(role.sopClassUid(), role.scu() && take, send));
            }
        }
        return roles;
    }

    private List<ExtendedNegotiation> extended(UserInformation peer, Set<String> accepted) {
        List<ExtendedNegotiation> extended = new ArrayList<>();
        for (ExtendedNegotiation item : peer.extended()) {
            String sopClassUid = item.sopClassUid();
            QueryRetrieve service = QueryRetrieve.of(sopClassUid);
            if (!accepted.contains(sopClassUid)) {
                continue;
            }
            if (service != null) {
                extended.add(new ExtendedNegotiation(sopClassUid, service.answer(item.applicationInformation())));
            } else if (isStorage(sopClassUid)) {
                extended.add(new ExtendedNegotiation(sopClassUid, STORAGE_SUPPORT));
            }
        }
        return extended;
    }

    /** User names are taken note of, not verified; the other types would need an answer that this side can't make. */
    private static boolean wantsPositiveAnswer(UserInformation peer) {
        UserIdentity identity = peer.userIdentity();
        return identity != null
                && identity.positiveResponseRequested()
                && (identity.type() == USER_NAME || identity.type() == USER_NAME_AND_PASSCODE);
    }
}
