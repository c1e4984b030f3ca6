// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.index.ObjectKind;

/**
 * The presentation contexts that a selection needs: each class in each syntax that it is kept in, each in a context of its own, so that
 * the receiver can't choose one at the cost of another; and for what is uncompressed also those uncompressed ones that are wished for, and explicit and implicit VR little endian. An
 * association has 128 at most, hence there may be several proposals; all contexts of a class are in one.
 */
final class ProposalPlan {

    private static final int MOST_CONTEXTS = 128;

    private final List<List<ProposedContext>> proposals = new ArrayList<>();
    private final Map<String, Integer> proposalOfClass = new HashMap<>();

    /** @param wished UIDs of transfer syntaxes, the dearest first: those that nothing can be converted into are passed over */
    ProposalPlan(List<ObjectKind> kinds, Set<String> wished) {
        Map<String, Set<String>> syntaxes = new TreeMap<>();
        for (ObjectKind kind : kinds) {
            Set<String> ofClass = syntaxes.computeIfAbsent(kind.sopClassUid(), uid -> new LinkedHashSet<>());
            if (isUncompressed(kind.transferSyntaxUid())) {
                wished.stream().filter(ProposalPlan::isUncompressed).forEach(ofClass::add);
            }
            ofClass.add(kind.transferSyntaxUid());
            if (isUncompressed(kind.transferSyntaxUid())) {
                ofClass.add(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid());
                ofClass.add(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid());
            }
        }
        syntaxes.forEach(this::add);
    }

    static boolean isUncompressed(String transferSyntaxUid) {
        TransferSyntax syntax = TransferSyntaxes.of(transferSyntaxUid);
        return syntax != null && !syntax.encapsulated();
    }

    private void add(String sopClassUid, Set<String> syntaxes) {
        List<ProposedContext> contexts = syntaxes.stream()
                .limit(MOST_CONTEXTS)
                .map(syntax -> new ProposedContext(sopClassUid, List.of(syntax)))
                .toList();
        if (proposals.isEmpty() || proposals.getLast().size() + contexts.size() > MOST_CONTEXTS) {
            proposals.add(new ArrayList<>());
        }
        proposals.getLast().addAll(contexts);
        proposalOfClass.put(sopClassUid, proposals.size() - 1);
    }

    /** How many associations are needed, one after the other, for objects of all classes. */
    int size() {
        return proposals.size();
    }

    /** Which proposal has the contexts of a class; a class that came up meanwhile is in none: -1. */
    int proposalFor(String sopClassUid) {
        return proposalOfClass.getOrDefault(sopClassUid, -1);
    }

    List<ProposedContext> contexts(int proposal) {
        return Collections.unmodifiableList(proposals.get(proposal));
    }
}
