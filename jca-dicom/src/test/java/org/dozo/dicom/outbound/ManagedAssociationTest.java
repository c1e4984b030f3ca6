// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dozo.dicom.AssociationRejectedException;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DicomConnectionFactory;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Peer;
import org.dozo.dicom.Priority;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.StoreOperation;
import org.dozo.dicom.inbound.ListenerFixture;
import org.dozo.dicom.net.Await;
import org.dozo.dicom.net.Pdus;
import org.junit.jupiter.api.Test;

/** Associations in a pool: a small one of our own plays the container. */
class ManagedAssociationTest {

    private static final List<ProposedContext> CONTEXTS =
            List.of(new ProposedContext(Pdus.VERIFICATION, List.of(Pdus.IMPLICIT)));

    /** Keeps what is given back, and gives it again where it matches. */
    private static final class Pool implements ConnectionManager, ConnectionEventListener {

        private static final long serialVersionUID = 1L;

        private final transient Set<ManagedConnection> idle = new HashSet<>();
        private int made;

        @Override
        public Object allocateConnection(ManagedConnectionFactory factory, ConnectionRequestInfo info)
                throws ResourceException {
            ManagedConnection connection = factory.matchManagedConnections(idle, null, info);
            if (connection == null) {
                connection = factory.createManagedConnection(null, info);
                connection.addConnectionEventListener(this);
                made++;
            }
            idle.remove(connection);
            return connection.getConnection(null, info);
        }

        private static ManagedConnection source(ConnectionEvent event) {
            return (ManagedConnection) event.getSource();
        }

        @Override
        public void connectionClosed(ConnectionEvent event) {
            try {
                source(event).cleanup();
            } catch (ResourceException e) {
                throw new AssertionError(e);
            }
            idle.add(source(event));
        }

        @Override
        public void connectionErrorOccurred(ConnectionEvent event) {
            try {
                source(event).destroy();
            } catch (ResourceException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void localTransactionStarted(ConnectionEvent event) {}

        @Override
        public void localTransactionCommitted(ConnectionEvent event) {}

        @Override
        public void localTransactionRolledback(ConnectionEvent event) {}

        /** Associations that lie idle. */
        int open() {
            int open = 0;
            for (ManagedConnection connection : idle) {
                open += ((ManagedAssociation) connection).isOpen() ? 1 : 0;
            }
            return open;
        }

        void clear() throws ResourceException {
            for (ManagedConnection connection : idle) {
                connection.destroy();
            }
            idle.clear();
        }
    }

    private final Pool pool = new Pool();
    private final DicomManagedConnectionFactory managed = new DicomManagedConnectionFactory();
    private final DicomConnectionFactory factory = managed.createConnectionFactory(pool);

    private DimseStatus echo(ListenerFixture fixture, String calling) throws IOException {
        try (DicomConnection connection =
                factory.open(new Peer("DOZO", "127.0.0.1", fixture.port(), false), calling, CONTEXTS)) {
            return connection.echo();
        }
    }

    private static void giveBack(DicomConnection connection) {
        connection.close();
    }

    @Test
    void anAssociationIsUsedAgainByTheSameCallerOnly() throws Exception {
        try (ListenerFixture fixture = ListenerFixture.with()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(DimseStatus.SUCCESS, echo(fixture, "ONE"));
            }
            assertEquals(1, pool.made);
            echo(fixture, "TWO");
            assertEquals(2, pool.made);
            pool.clear();
        }
    }

    @Test
    void anAssociationThatThePeerEndedIsNotUsedAgain() throws Exception {
        try (ListenerFixture fixture = ListenerFixture.with("dicom.idle-timeout", "200 ms")) {
            echo(fixture, "ONE");
            Await.until("it is over", () -> pool.open() == 0);
            assertEquals(DimseStatus.SUCCESS, echo(fixture, "ONE"));
            assertEquals(1, pool.open());
            assertEquals(1, pool.made, "its place is used again");
            pool.clear();
        }
    }

    @Test
    void aReleasedAssociationIsNotUsedAgainButItsPlaceIs() throws Exception {
        try (ListenerFixture fixture = ListenerFixture.with()) {
            DicomConnection connection =
                    factory.open(new Peer("DOZO", "127.0.0.1", fixture.port(), false), "ONE", CONTEXTS);
            connection.release();
            giveBack(connection);
            assertEquals(0, pool.open());
            assertEquals(DimseStatus.SUCCESS, echo(fixture, "ONE"));
            assertEquals(1, pool.made);
            pool.clear();
        }
    }

    @Test
    void aFailedAssociationLeavesItsPlace() throws Exception {
        try (ListenerFixture fixture = ListenerFixture.with()) {
            DicomConnection connection =
                    factory.open(new Peer("DOZO", "127.0.0.1", fixture.port(), false), "ONE", CONTEXTS);
            fixture.stop();
            assertThrows(IOException.class, connection::echo);
            assertThrows(IOException.class, connection::echo);
            giveBack(connection);
            assertEquals(0, pool.open());
            assertEquals(1, pool.idle.size(), "the place was given back once");
        }
    }

    @Test
    void aClosedConnectionIsOfNoUse() throws Exception {
        try (ListenerFixture fixture = ListenerFixture.with()) {
            DicomConnection connection =
                    factory.open(new Peer("DOZO", "127.0.0.1", fixture.port(), false), "ONE", CONTEXTS);
            giveBack(connection);
            giveBack(connection);
            assertThrows(IOException.class, connection::echo);
            assertThrows(
                    IOException.class,
                    () -> connection.store(
                            new StoreOperation(Pdus.CT, "1", Pdus.IMPLICIT, Priority.LOW),
                            InputStream.nullInputStream()));
            assertEquals(1, pool.idle.size());
            pool.clear();
        }
    }

    @Test
    void aRejectionComesOutOfThePoolAsItself() throws Exception {
        try (ListenerFixture fixture = ListenerFixture.with("dicom.ae-title", "OTHER")) {
            assertThrows(AssociationRejectedException.class, () -> echo(fixture, "ONE"));
        }
    }

    @Test
    void factoriesOfOneAdapterAreEqual() {
        assertEquals(managed, new DicomManagedConnectionFactory());
        assertNull(managed.matchManagedConnections(
                Set.of(), null, new AssociationKey(new Peer("A", "B", 1, false), "C", CONTEXTS)));
        assertSame(AssociationRequestor.class, managed.createConnectionFactory().getClass());
    }
}
