// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.dozo.dicom.NodeProperties;
import org.dozo.dicom.net.Pdus;
import org.dozo.dicom.net.ScriptedPeer;
import org.dozo.dicom.net.WrittenLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The life cycle as WildFly runs it. */
class DicomResourceAdapterTest {

    private final DicomResourceAdapter adapter = new DicomResourceAdapter();
    private final FakeEndpoints archive = new FakeEndpoints();

    @AfterEach
    void stop() {
        adapter.stop();
    }

    private void start(String... settings) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("dicom.port", "0");
        properties.setProperty("dicom.bind", "127.0.0.1");
        for (int i = 0; i < settings.length; i += 2) {
            properties.setProperty(settings[i], settings[i + 1]);
        }
        adapter.start(new NodeProperties(properties));
    }

    @Test
    void itListensOnlyWhenBothEndpointsAreActive() throws Exception {
        start();
        assertEquals(-1, adapter.port());
        adapter.endpointActivation(archive.stores, new StoreActivation());
        assertEquals(-1, adapter.port());
        adapter.endpointActivation(archive.associations, new AssociationActivation());
        try (ScriptedPeer peer = ScriptedPeer.connect(adapter.port()).associated()) {
            assertEquals(6, peer.send(Pdus.releaseRequest()).receiveType());
        }
    }

    @Test
    void deactivationDrainsAndMayComeTwice() throws Exception {
        start();
        adapter.endpointActivation(archive.associations, new AssociationActivation());
        adapter.endpointActivation(archive.stores, new StoreActivation());
        try (ScriptedPeer peer = ScriptedPeer.connect(adapter.port()).associated()) {
            Thread closing =
                    Thread.ofVirtual().start(() -> adapter.endpointDeactivation(archive.stores, new StoreActivation()));
            assertEquals(
                    0,
                    Pdus.status(peer.send(Pdus.store(1, "1.2.3", new byte[9])).receive()));
            peer.send(Pdus.releaseRequest()).receive();
            peer.hangUp();
            closing.join();
        }
        assertEquals(-1, adapter.port());
        adapter.endpointDeactivation(archive.stores, new StoreActivation());
        adapter.endpointDeactivation(archive.associations, new AssociationActivation());
        adapter.endpointDeactivation(archive.associations, new AssociationActivation());
        assertEquals(archive.admitted.size(), archive.ended.size());
    }

    @Test
    void itListensAgainWhenTheEndpointsComeBack() throws Exception {
        start();
        adapter.endpointActivation(archive.associations, new AssociationActivation());
        adapter.endpointActivation(archive.stores, new StoreActivation());
        adapter.endpointDeactivation(archive.stores, new StoreActivation());
        adapter.endpointActivation(archive.stores, new StoreActivation());
        assertTrue(adapter.port() > 0);
    }

    @Test
    void aSecondListenerOfOneKindIsRefused() throws Exception {
        start();
        adapter.endpointActivation(archive.stores, new StoreActivation());
        assertThrows(
                ResourceException.class,
                () -> adapter.endpointActivation(new FakeEndpoints().stores, new StoreActivation()));
    }

    @Test
    void aTakenPortIsNamedWithTheRemedyToTheServerAndInTheLog() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WrittenLog log = new WrittenLog("org.dozo.dicom.inbound")) {
            start("dicom.port", Integer.toString(taken.getLocalPort()));
            adapter.endpointActivation(archive.stores, new StoreActivation());
            ResourceException refusal = assertThrows(
                    ResourceException.class,
                    () -> adapter.endpointActivation(archive.associations, new AssociationActivation()));
            String message = String.valueOf(refusal.getMessage());
            assertTrue(
                    message.contains(Integer.toString(taken.getLocalPort())) && message.contains("dicom.port"),
                    message);
            assertEquals(List.of("DOZO-NET-020 " + message), log.lines());
        }
    }

    @Test
    void settingsThatNobodyKnowsStopTheStart() {
        for (String[] wrong : new String[][] {
            {"dicom.prot", "1"},
            {"dicom.max-pdu", "1 KiB"},
            {"dicom.artim", "0 s"},
            {"dicom.ae-title", "A\\B"},
            {"dicom.outbound.max-pdu", "1"},
            {"dicom.max-associations", "0"}
        }) {
            assertThrows(ResourceAdapterInternalException.class, () -> start(wrong), wrong[0]);
        }
    }

    @Test
    void theCountersAreAnMxBean() throws Exception {
        start();
        adapter.endpointActivation(archive.associations, new AssociationActivation());
        adapter.endpointActivation(archive.stores, new StoreActivation());
        try (ScriptedPeer peer = ScriptedPeer.connect(adapter.port()).associated()) {
            peer.send(Pdus.store(1, "1.2.3", new byte[1000])).receive();
            var server = ManagementFactory.getPlatformMBeanServer();
            ObjectName name = new ObjectName(DicomResourceAdapter.STATISTICS);
            assertEquals(1, server.getAttribute(name, "OpenAssociations"));
            assertEquals(1L, server.getAttribute(name, "AcceptedAssociations"));
            assertEquals(true, server.getAttribute(name, "Accepting"));
            assertTrue((Long) server.getAttribute(name, "BytesReceived") > 1000);
            assertEquals(6, peer.send(Pdus.releaseRequest()).receiveType());
        }
    }

    @Test
    void aServiceThatIsActivatedLaterIsOfferedToTheNextAssociation() throws Exception {
        start();
        adapter.endpointActivation(archive.associations, new AssociationActivation());
        adapter.endpointActivation(archive.stores, new StoreActivation());
        assertEquals(3, answerToFind());
        adapter.endpointActivation(archive.finds, new FindActivation());
        adapter.endpointActivation(archive.moves, new MoveActivation());
        adapter.endpointActivation(archive.gets, new GetActivation());
        assertEquals(0, answerToFind());
    }

    private int answerToFind() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.connect(adapter.port())) {
            byte[] accept = peer.send(Pdus.associateRequest(
                            Pdus.context(1, QueryPeer.FIND, Pdus.IMPLICIT), Pdus.userInformation(0)))
                    .receive();
            assertEquals(2, accept[0]);
            return accept[74 + 4 + 21 + 6];
        }
    }

    /** What the container reads: every listener with the activation that is for it. */
    @Test
    void theDeploymentDescriptorNamesEveryActivation() throws Exception {
        String xml = Files.readString(Path.of("src/main/rar/META-INF/ra.xml"));
        Matcher listeners = Pattern.compile(
                        "<messagelistener-type>(.*?)</messagelistener-type>.*?"
                                + "<activationspec-class>(.*?)</activationspec-class>",
                        Pattern.DOTALL)
                .matcher(xml);
        Set<Class<?>> named = new HashSet<>();
        while (listeners.find()) {
            Activation activation = Class.forName(listeners.group(2))
                    .asSubclass(Activation.class)
                    .getConstructor()
                    .newInstance();
            assertEquals(listeners.group(1), activation.listener().getName());
            named.add(activation.getClass());
        }
        assertEquals(Set.<Class<?>>of(Activation.class.getPermittedSubclasses()), named);
    }
}
