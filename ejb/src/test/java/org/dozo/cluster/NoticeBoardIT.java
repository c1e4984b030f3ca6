// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.dozo.shared.Await;
import org.dozo.shared.NodeName;
import org.dozo.shared.Notices;
import org.dozo.shared.TestDatabase;
import org.jgroups.JChannel;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.TP;
import org.jgroups.stack.ProtocolStack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real channels over loopback, found by a real database. */
class NoticeBoardIT {

    private static final String SUBJECT = "test";
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private TestDatabase test;
    private final List<Board> boards = new ArrayList<>();

    @BeforeEach
    void open() throws SQLException {
        test = TestDatabase.migrated();
    }

    @AfterEach
    void close() {
        boards.forEach(NoticeBoard::stop);
        test.close();
    }

    /** A node that can be cut off from the others. */
    private static final class Board extends NoticeBoard {
        final List<String> told = new CopyOnWriteArrayList<>();
        private final DISCARD cut = new DISCARD();
        private volatile boolean tried;
        private volatile JChannel channel;

        Board(String node, int port, TestDatabase test) {
            super(new ClusterSettings("127.0.0.1", port), new NodeName(node), test.pooled());
            follow(SUBJECT, new Notices.Follower() {
                @Override
                public void posted(String name) {
                    told.add("+" + name);
                }

                @Override
                public void removed(String name) {
                    told.add("-" + name);
                }
            });
        }

        @Override
        JChannel channel() throws Exception {
            tried = true;
            channel = super.channel();
            channel.getProtocolStack().insertProtocol(cut, ProtocolStack.Position.ABOVE, TP.class);
            return channel;
        }

        boolean hasTried() {
            return tried;
        }

        void hearNothingOf(Board other) {
            cut.addIgnoreMember(other.channel.getAddress());
        }

        void hearAll() {
            cut.resetIgnoredMembers();
        }
    }

    /** A free port whose next one is free too. */
    private static int freePair() throws IOException {
        while (true) {
            try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    ServerSocket second = new ServerSocket()) {
                second.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), first.getLocalPort() + 1));
                return first.getLocalPort();
            } catch (BindException e) {
                // The next one is somebody's: try elsewhere.
            }
        }
    }

    private Board started(String node) throws IOException {
        return started(node, freePair());
    }

    private Board started(String node, int port) {
        Board board = new Board(node, port, test);
        boards.add(board);
        board.start();
        return board;
    }

    private static void awaitMembers(Board board, String... names) throws Exception {
        Await.until(
                List.of(names) + " are in touch",
                PATIENCE,
                () -> board.members().equals(List.of(names)));
    }

    private static void awaitTouch(Board one, Board two) throws Exception {
        awaitMembers(one, "node1", "node2");
        awaitMembers(two, "node1", "node2");
    }

    @Test
    void whatOnePostsTheOthersAreToldAndSee() throws Exception {
        Board one = started("node1");
        awaitMembers(one, "node1");
        Board two = started("node2");
        awaitMembers(two, "node1", "node2");

        one.post(SUBJECT, "a", LONG);
        Await.until("node2 is told of it", PATIENCE, () -> two.told.contains("+a"));
        assertTrue(two.isPosted(SUBJECT, "a"));
        assertFalse(two.isPosted("another", "a"));

        two.told.clear();
        one.post(SUBJECT, "a", LONG);
        Await.until("node2 is told once more", PATIENCE, () -> two.told.contains("+a"));

        one.post(SUBJECT, "b", LONG);
        Await.until("what was posted before it is everywhere", PATIENCE, () -> two.isPosted(SUBJECT, "b"));
        two.remove(SUBJECT, "a");
        Await.until("node1 is told that it is gone", PATIENCE, () -> one.told.contains("-a"));
        assertFalse(one.told.contains("+a"), "nobody is told of what he posted himself");
        assertFalse(one.isPosted(SUBJECT, "a"));
    }

    /** Else a destination that broke and was mended at once would stay on the board. */
    @Test
    void theLastWordOfANodeIsTheLast() throws Exception {
        Board one = started("node1");
        Board two = started("node2");
        awaitTouch(one, two);
        for (int i = 0; i < 50; i++) {
            one.post(SUBJECT, "" + i, LONG);
            one.remove(SUBJECT, "" + i);
        }
        one.post(SUBJECT, "end", LONG);
        Await.until("all is said", PATIENCE, () -> two.isPosted(SUBJECT, "end"));
        for (int i = 0; i < 50; i++) {
            assertFalse(two.isPosted(SUBJECT, "" + i));
        }
    }

    @Test
    void anOldNoticeIsGoneByItself() throws Exception {
        Board one = started("node1");
        Board two = started("node2");
        awaitTouch(one, two);
        one.post(SUBJECT, "short", Duration.ofSeconds(2));
        Await.until("node2 sees it", PATIENCE, () -> two.isPosted(SUBJECT, "short"));
        Await.until("it is gone", PATIENCE, () -> !two.isPosted(SUBJECT, "short") && !one.isPosted(SUBJECT, "short"));
    }

    @Test
    void aNewcomerSeesWhatWasPostedBefore() throws Exception {
        Board one = started("node1");
        awaitMembers(one, "node1");
        one.post(SUBJECT, "before", LONG);
        Await.until("node1 sees it", PATIENCE, () -> one.isPosted(SUBJECT, "before"));
        Board two = started("node2");
        Await.until("node2 sees it", PATIENCE, () -> two.isPosted(SUBJECT, "before"));
    }

    @Test
    void inASplitClusterEachSideGoesOnAndBothMeetAgain() throws Exception {
        Board one = started("node1");
        awaitMembers(one, "node1");
        Board two = started("node2");
        awaitTouch(one, two);

        one.hearNothingOf(two);
        two.hearNothingOf(one);
        awaitMembers(one, "node1");
        awaitMembers(two, "node2");
        one.post(SUBJECT, "of one", LONG);
        two.post(SUBJECT, "of two", LONG);
        Await.until(
                "each has its own", PATIENCE, () -> one.isPosted(SUBJECT, "of one") && two.isPosted(SUBJECT, "of two"));
        assertFalse(one.isPosted(SUBJECT, "of two"));

        one.hearAll();
        two.hearAll();
        awaitTouch(one, two);
        Await.until(
                "both have both", PATIENCE, () -> one.isPosted(SUBJECT, "of two") && two.isPosted(SUBJECT, "of one"));
        one.post(SUBJECT, "after", LONG);
        Await.until("they hear each other again", PATIENCE, () -> two.isPosted(SUBJECT, "after"));
    }

    @Test
    void whoHasNotTheKeyIsNotLetIn() throws Exception {
        Board one = started("node1");
        awaitMembers(one, "node1");
        test.execute("UPDATE cluster_secret SET secret = sha256('another')");
        Board stranger = started("stranger");
        awaitMembers(stranger, "stranger");
        stranger.post(SUBJECT, "a lie", LONG);
        Await.until("the stranger sees it himself", PATIENCE, () -> stranger.isPosted(SUBJECT, "a lie"));
        assertEquals(List.of("node1"), one.members());
        assertFalse(one.isPosted(SUBJECT, "a lie"));
    }

    @Test
    void aNodeWithoutOthersDoesNothing() throws Exception {
        NoticeBoard alone = new NoticeBoard(new ClusterSettings("", 7800), new NodeName("node1"), test.pooled());
        alone.start();
        alone.post(SUBJECT, "a", LONG);
        assertFalse(alone.isPosted(SUBJECT, "a"));
        assertEquals(List.of(), alone.members());
        alone.stop();
    }

    @Test
    void aNodeThatCanNotBeginGoesOnTrying() throws Exception {
        int port = freePair();
        Board one;
        try (ServerSocket squatter = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertTrue(squatter.isBound());
            one = started("node1", port);
            Await.until("it has tried", PATIENCE, one::hasTried);
            assertEquals(List.of(), one.members());
        }
        awaitMembers(one, "node1");
    }
}
