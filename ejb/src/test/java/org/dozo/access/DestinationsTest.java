// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.dozo.dicom.DicomConnectionFactory;
import org.dozo.shared.Notices;
import org.junit.jupiter.api.Test;

/** Two nodes that send to the same dead destination. */
class DestinationsTest {

    private static final Duration PAUSE = Duration.ofMinutes(5);

    private final Wall wall = new Wall();
    private final AtomicInteger calls = new AtomicInteger();
    private final KnownPeer dead = new KnownPeer("DEAD", "dead.example.org", 104, false, Set.of(), "");

    /** What the nodes see of each other, without delay and loss. */
    private static final class Wall {
        private final Map<String, Duration> posted = new HashMap<>();
        private final List<Side> sides = new ArrayList<>();

        Notices side() {
            Side side = new Side(this);
            sides.add(side);
            return side;
        }
    }

    private static final class Side implements Notices {
        private final Wall wall;
        private final Map<String, Follower> followers = new HashMap<>();

        Side(Wall wall) {
            this.wall = wall;
        }

        private List<Follower> others(String subject) {
            return wall.sides.stream()
                    .filter(side -> side != this && side.followers.containsKey(subject))
                    .map(side -> side.followers.get(subject))
                    .toList();
        }

        @Override
        public void post(String subject, String name, Duration lifetime) {
            wall.posted.put(subject + " " + name, lifetime);
            others(subject).forEach(follower -> follower.posted(name));
        }

        @Override
        public void remove(String subject, String name) {
            wall.posted.remove(subject + " " + name);
            others(subject).forEach(follower -> follower.removed(name));
        }

        @Override
        public boolean isPosted(String subject, String name) {
            return wall.posted.containsKey(subject + " " + name);
        }

        @Override
        public void follow(String subject, Follower follower) {
            followers.put(subject, follower);
        }
    }

    private Destinations node() {
        DicomConnectionFactory network = (peer, calling, contexts) -> {
            calls.incrementAndGet();
            throw new IOException("connection refused");
        };
        return new Destinations(
                network, new AccessSettings("DOZO", true), new DestinationSettings(4, 1, 3, PAUSE), wall.side());
    }

    private static void fail(Destination destination) {
        for (int i = 0; i < 3; i++) {
            assertThrows(IOException.class, () -> destination.open(List.of()));
        }
    }

    @Test
    void whatOneNodeFindsDeadTheOthersDoNotTry() {
        Destination here = node().of(dead);
        Destination there = node().of(dead);
        fail(here);
        assertEquals(3, calls.get());
        assertTrue(here.isPaused());
        assertTrue(there.isPaused());
        assertThrows(IOException.class, () -> there.open(List.of()));
        assertEquals(3, calls.get(), "nobody else has called it");
        assertEquals(List.of(PAUSE), List.copyOf(wall.posted.values()));
    }

    @Test
    void whoComesLaterSeesIt() {
        fail(node().of(dead));
        assertTrue(node().of(dead).isPaused());
    }

    @Test
    void whatAnswersOneNodeTheOthersTryAgain() {
        Destination here = node().of(dead);
        Destination there = node().of(dead);
        fail(here);
        there.answered();
        assertFalse(there.isPaused());
        assertFalse(here.isPaused());
        assertEquals(Map.of(), wall.posted);
    }

    @Test
    void anotherDestinationIsNotMeant() {
        Destinations there = node();
        Destination other = there.of(new KnownPeer("DEAD", "dead.example.org", 105, false, Set.of(), ""));
        fail(node().of(dead));
        assertFalse(other.isPaused());
    }
}
