// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import static org.dozo.forward.ForwardingArchive.object;
import static org.dozo.forward.ForwardingArchive.uid;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetReader;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.forward.rules.Coercion;
import org.dozo.forward.rules.Handling;
import org.dozo.forward.rules.Trigger;
import org.dozo.jobs.Window;
import org.dozo.sending.FakeDestination;
import org.dozo.shared.Await;
import org.junit.jupiter.api.Test;

/** How a rule has objects sent: other values, transfer syntaxes, windows; only the network is made up. */
class RuleHandlingIT extends ForwardingCase {

    private static Handling atNight(Map<String, String> coercion) {
        return new Handling(Optional.of(Window.parse("22:00-06:00")), Coercion.parse(coercion), List.of());
    }

    private static Handling coercing(Map<String, String> values) {
        return new Handling(Optional.empty(), Coercion.parse(values), List.of());
    }

    @Test
    void aRuleChangesWhatItSaysAndNothingElseAndForItsDestinationsOnly() throws Exception {
        FakeDestination inside = archive.destination("INSIDE");
        FakeDestination outside = archive.destination("OUTSIDE");
        Handling handling = coercing(Map.of(
                "patientName",
                "Doe^Jane",
                "institutionName",
                "",
                "requestAttributesSequence.scheduledProcedureStepDescription",
                "Head"));
        archive.rule("out", Trigger.INSTANCE, "modality = CT", 5, handling, "OUTSIDE");
        archive.rule("in", Trigger.INSTANCE, "modality = CT", 5, "INSIDE");
        Dataset object = object(STUDY, 1).setString(Tag.INSTITUTION_NAME, VR.LO, "General");
        object.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE).setString(0x0040_0007, VR.LO, "Schaedel");
        byte[] kept = DatasetWriter.toBytes(object, EXPLICIT);
        archive.store("CT1", object, EXPLICIT);
        await(DeliveryState.VERIFIED, STUDY, "INSIDE");
        await(DeliveryState.VERIFIED, STUDY, "OUTSIDE");
        assertArrayEquals(kept, inside.received.getFirst().toArray());
        object.setString(Tag.PATIENT_NAME, VR.PN, "Doe^Jane").setString(Tag.INSTITUTION_NAME, VR.LO);
        object.getItems(Tag.REQUEST_ATTRIBUTES_SEQUENCE).getFirst().setString(0x0040_0007, VR.LO, "Head");
        assertEquals(object, DatasetReader.read(outside.received.getFirst().toArray(), EXPLICIT));
        List<String> coerced = archive.delivery(STUDY, "OUTSIDE").history().stream()
                .filter(event -> event.event().equals("coerced"))
                .map(Delivery.Event::detail)
                .toList();
        assertEquals(
                List.of("Objects of it were sent with other values, as rule out says, of: institutionName, patientName,"
                        + " requestAttributesSequence.scheduledProcedureStepDescription"),
                coerced);
        assertTrue(archive.delivery(STUDY, "INSIDE").history().stream()
                .noneMatch(event -> event.event().equals("coerced")));
    }

    @Test
    void whatARuleThatIsGoneWouldHaveChangedIsNotSentUnchangedUnlessSomebodyAsksForIt() throws Exception {
        FakeDestination one = archive.destination("ONE");
        archive.rule("out", Trigger.INSTANCE, "modality = CT", 5, atNight(Map.of("patientName", "")), "ONE");
        archive.store(STUDY, 1, 1);
        Await.until(
                "it waits",
                () -> archive.find(STUDY, "ONE")
                        .filter(delivery -> delivery.error().contains("window"))
                        .isPresent());
        archive.rules.delete("out");
        archive.test.execute("UPDATE job SET due_at = now() WHERE state = 'WAITING'");
        await(DeliveryState.FAILED, STUDY, "ONE");
        assertTrue(archive.delivery(STUDY, "ONE").error().contains("rule \"out\" that selected it is gone"));
        archive.service.retry("", "");
        Await.until("it was tried", () -> archive.jobs("forward") == 0);
        assertTrue(archive.is(DeliveryState.FAILED, STUDY, "ONE"));
        assertEquals(List.of(), one.uids());
        archive.service.request(STUDY, "ONE", 5, false);
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        assertEquals(1, one.uids().size());
    }

    @Test
    void theDearestSyntaxThatAnObjectCanHaveIsSent() throws Exception {
        FakeDestination one = archive.destination("ONE");
        TransferSyntax jpeg = TransferSyntaxes.of("1.2.840.10008.1.2.4.70");
        String refused = TransferSyntax.EXPLICIT_VR_BIG_ENDIAN.uid();
        String implicit = TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid();
        one.accepts = syntax -> !syntax.equals(refused);
        Handling handling = new Handling(Optional.empty(), Coercion.NONE, List.of(refused, implicit));
        archive.rule("all", Trigger.STUDY, "modality = CT", 5, handling, "ONE");
        Dataset compressed = object(STUDY, 2)
                .set(Element.ofFragments(Tag.PIXEL_DATA, VR.OB, List.of(new byte[0], new byte[] {1, 2, 3, 4})));
        archive.store("CT1", object(STUDY, 1), EXPLICIT);
        archive.store("CT1", compressed, jpeg);
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        Map<String, String> syntaxes = one.received.stream()
                .collect(Collectors.toMap(
                        each -> each.operation().sopInstanceUid(),
                        each -> each.operation().transferSyntaxUid()));
        assertEquals(Map.of(uid(STUDY, 1), implicit, uid(STUDY, 2), jpeg.uid()), syntaxes);
        List<String> proposed = one.proposals.getFirst().stream()
                .flatMap(each -> each.transferSyntaxUids().stream())
                .toList();
        assertTrue(proposed.contains(refused), proposed.toString());
    }

    @Test
    void aRuleWithAWindowSendsInsideItOnlyAndWhatIsStatAtOnce() throws Exception {
        FakeDestination nightly = archive.destination("NIGHTLY");
        archive.destination("DAILY");
        Handling window = atNight(Map.of());
        archive.rule("night", Trigger.INSTANCE, "modality = CT", 5, window, "NIGHTLY");
        archive.rule("noon", Trigger.INSTANCE, "modality = CT", 5, "DAILY");
        archive.store(STUDY, 1, 3);
        Dataset urgent = object("1.2.8", 1).setString(Tag.REQUESTED_PROCEDURE_PRIORITY, VR.SH, "STAT");
        archive.store("CT1", urgent, EXPLICIT);
        await(DeliveryState.VERIFIED, STUDY, "DAILY");
        await(DeliveryState.VERIFIED, "1.2.8", "NIGHTLY");
        Await.until(
                "it is said what is waited for",
                () -> archive.delivery(STUDY, "NIGHTLY").error().contains("window 22:00-06:00 of rule night"));
        assertEquals(List.of(uid("1.2.8", 1)), nightly.uids());
        archive.time = LocalTime.of(22, 0);
        // As if that time had gone by.
        archive.test.execute("UPDATE job SET due_at = now() WHERE state = 'WAITING'");
        await(DeliveryState.VERIFIED, STUDY, "NIGHTLY");
        assertEquals(4, nightly.uids().size());
        assertEquals("", archive.delivery(STUDY, "NIGHTLY").error());
    }

    @Test
    void aClosedWindowKeepsNothingBackThatAnotherRuleSends() throws Exception {
        FakeDestination one = archive.destination("ONE");
        Handling window = atNight(Map.of());
        archive.rule("a night", Trigger.INSTANCE, "instanceNumber <= 2", 5, window, "ONE");
        archive.rule("b noon", Trigger.INSTANCE, "instanceNumber > 2", 5, "ONE");
        archive.store(STUDY, 1, 2);
        Await.until(
                "they wait",
                () -> archive.find(STUDY, "ONE")
                        .filter(delivery -> delivery.error().contains("window"))
                        .isPresent());
        archive.store(STUDY, 3, 4);
        Await.until("the others are there", () -> one.uids().size() == 2);
        assertEquals(uids(STUDY, 3, 4), new TreeSet<>(one.uids()));
    }
}
