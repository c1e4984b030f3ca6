// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.dozo.dicom.ProposedContext;
import org.dozo.index.ObjectKind;
import org.junit.jupiter.api.Test;

class ProposalPlanTest {

    private static final String EXPLICIT = "1.2.840.10008.1.2.1";
    private static final String IMPLICIT = "1.2.840.10008.1.2";
    private static final String JPEG = "1.2.840.10008.1.2.4.70";

    @Test
    void eachSyntaxThatIsKeptHasAContextOfItsOwn() {
        ProposalPlan plan =
                new ProposalPlan(List.of(new ObjectKind("1.1", JPEG), new ObjectKind("1.1", EXPLICIT)), Set.of());
        assertEquals(1, plan.size());
        assertEquals(
                List.of(
                        new ProposedContext("1.1", List.of(JPEG)),
                        new ProposedContext("1.1", List.of(EXPLICIT)),
                        new ProposedContext("1.1", List.of(IMPLICIT))),
                plan.contexts(0));
    }

    @Test
    void whatIsCompressedOnlyIsNotProposedUncompressed() {
        ProposalPlan plan = new ProposalPlan(List.of(new ObjectKind("1.1", JPEG)), Set.of(EXPLICIT));
        assertEquals(List.of(new ProposedContext("1.1", List.of(JPEG))), plan.contexts(0));
    }

    @Test
    void moreClassesThanOneAssociationHasContextsForAreSpreadOverSeveral() {
        List<ObjectKind> kinds = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            kinds.add(new ObjectKind("1.1." + i, EXPLICIT));
        }
        ProposalPlan plan = new ProposalPlan(kinds, Set.of());
        assertEquals(2, plan.size());
        for (ObjectKind kind : kinds) {
            List<ProposedContext> contexts = plan.contexts(plan.proposalFor(kind.sopClassUid()));
            assertTrue(contexts.size() <= 128);
            assertEquals(
                    2,
                    contexts.stream()
                            .filter(context -> context.abstractSyntaxUid().equals(kind.sopClassUid()))
                            .count());
        }
        assertEquals(-1, plan.proposalFor("1.2"));
    }

    @Test
    void whatIsWishedIsProposedFirstForWhatCanBeConvertedIntoIt() {
        ProposalPlan plan = new ProposalPlan(
                List.of(new ObjectKind("1.1", EXPLICIT), new ObjectKind("1.2", JPEG)), Set.of(IMPLICIT));
        assertEquals(
                List.of(
                        new ProposedContext("1.1", List.of(IMPLICIT)),
                        new ProposedContext("1.1", List.of(EXPLICIT)),
                        new ProposedContext("1.2", List.of(JPEG))),
                plan.contexts(0));
    }
}
