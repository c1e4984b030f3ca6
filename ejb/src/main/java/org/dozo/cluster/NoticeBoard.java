// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.dozo.shared.NodeName;
import org.dozo.shared.Notices;
import org.infinispan.AdvancedCache;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.conflict.MergePolicy;
import org.infinispan.context.Flag;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.manager.EmbeddedCacheManager;
import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachelistener.annotation.CacheEntryCreated;
import org.infinispan.notifications.cachelistener.annotation.CacheEntryModified;
import org.infinispan.notifications.cachelistener.annotation.CacheEntryRemoved;
import org.infinispan.notifications.cachelistener.event.CacheEntryEvent;
import org.infinispan.notifications.cachelistener.event.CacheEntryRemovedEvent;
import org.infinispan.notifications.cachemanagerlistener.annotation.Merged;
import org.infinispan.notifications.cachemanagerlistener.annotation.ViewChanged;
import org.infinispan.notifications.cachemanagerlistener.event.ViewChangedEvent;
import org.infinispan.partitionhandling.PartitionHandling;
import org.infinispan.remoting.transport.jgroups.AbstractJGroupsChannelConfigurator;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jgroups.JChannel;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.util.NameCache;
import org.jspecify.annotations.Nullable;

/**
 * The notices of all nodes, as a replicated cache of Infinispan. It begins on a thread of its own and goes on trying: a node without it
 * does all its work, only slower to hear of the others. In a split cluster each side goes on with what it sees, and what either has is
 * kept when they meet again. Thread-safe.
 */
@Singleton
public class NoticeBoard implements Notices {

    private static final Logger LOG = Logger.getLogger(NoticeBoard.class.getName());

    private static final String CACHE = "notices";
    private static final char BETWEEN = '\n';
    /** More than all destinations and settings there are; beyond it the oldest go. */
    private static final long MOST_NOTICES = 20_000;

    /** That wait while a lost node has not been found out to be one. */
    private static final int MOST_CHANGES = 10_000;

    private static final Duration BETWEEN_TRIALS = Duration.ofSeconds(10);

    /** A node that has registered is in touch after that. */
    private static final Duration LONGEST_START = Duration.ofSeconds(15);

    private final ClusterSettings settings;
    private final String node;
    private final DataSource database;
    private final Map<String, Follower> followers = new ConcurrentHashMap<>();

    /** One after the other: of two changes of one name that are not waited for, the first must not come last. */
    private final BlockingQueue<Consumer<AdvancedCache<String, String>>> changes =
            new LinkedBlockingQueue<>(MOST_CHANGES);

    private volatile @Nullable Joined joined;
    private volatile @Nullable Thread joining;

    private record Joined(JChannel channel, EmbeddedCacheManager manager, AdvancedCache<String, String> cache) {}

    @Inject
    public NoticeBoard(ClusterSettings settings, NodeName node, DataSource database) {
        this.settings = settings;
        this.node = node.value();
        this.database = database;
    }

    /** Returns at once. */
    synchronized void start() {
        if (!settings.isAlone()) {
            Thread thread = Thread.ofPlatform().daemon().name("dozo-cluster").unstarted(this::joinUntilStopped);
            joining = thread;
            thread.start();
        }
    }

    /** Says good-bye to the others. */
    synchronized void stop() {
        Thread thread = joining;
        joining = null;
        if (thread == null) {
            return;
        }
        thread.interrupt();
        try {
            thread.join(BETWEEN_TRIALS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Joined ended = joined;
        joined = null;
        if (ended != null) {
            close(ended.channel(), ended.manager());
        }
    }

    private void joinUntilStopped() {
        boolean told = false;
        while (joining == Thread.currentThread()) {
            try {
                joined = join();
                LOG.info(() -> "DOZO-CLU-001 In touch with the nodes " + String.join(", ", members()));
                changeUntilStopped(joined.cache());
                return;
            } catch (Exception e) {
                if (!told && joining == Thread.currentThread()) {
                    told = true;
                    LOG.log(
                            Level.WARNING,
                            "DOZO-CLU-002 This node can't get in touch with the others at %s:%d; it works, but hears of changes and of"
                                            .formatted(settings.bind(), settings.port())
                                    + " broken destinations later. It goes on trying. Remedy: check cluster.bind and cluster.port",
                            e);
                }
            }
            try {
                Thread.sleep(BETWEEN_TRIALS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private Joined join() throws Exception {
        JChannel channel = channel();
        EmbeddedCacheManager manager = null;
        try {
            var global = GlobalConfigurationBuilder.defaultClusteredBuilder();
            global.transport()
                    .clusterName("dozo")
                    .nodeName(node)
                    .addProperty(JGroupsTransport.CHANNEL_CONFIGURATOR, new GivenChannel(channel));
            global.jmx().enabled(false);
            global.metrics().gauges(false).histograms(false);
            global.shutdown().hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
            manager = new DefaultCacheManager(global.build(), false);
            manager.defineConfiguration(CACHE, replicated());
            manager.addListener(new Views());
            manager.start();
            AdvancedCache<String, String> cache =
                    manager.<String, String>getCache(CACHE).getAdvancedCache();
            cache.addListener(new Changes());
            return new Joined(channel, manager, cache.withFlags(Flag.IGNORE_RETURN_VALUES));
        } catch (Exception | Error e) {
            close(channel, manager);
            throw e;
        }
    }

    /** Its own method, so that a test can come between the nodes. */
    JChannel channel() throws Exception {
        return NodeChannel.open(settings, node, database);
    }

    private static Configuration replicated() {
        ConfigurationBuilder cache = new ConfigurationBuilder();
        // The next change goes only when this one is everywhere.
        cache.clustering()
                .cacheMode(CacheMode.REPL_SYNC)
                .partitionHandling()
                .whenSplit(PartitionHandling.ALLOW_READ_WRITES)
                .mergePolicy(MergePolicy.PREFERRED_NON_NULL)
                // A newcomer begins with nothing rather than wait.
                .stateTransfer()
                .awaitInitialTransfer(false);
        cache.memory().maxCount(MOST_NOTICES);
        return cache.build();
    }

    private static void close(JChannel channel, @Nullable EmbeddedCacheManager manager) {
        try {
            if (manager != null) {
                manager.stop();
            }
        } finally {
            channel.close();
        }
    }

    /** The nodes that this one is in touch with, itself among them; empty if it has no others or has not got in touch yet. */
    public List<String> members() {
        Joined now = joined;
        return now == null || now.channel().getView() == null
                ? List.of()
                : now.channel().getView().getMembers().stream()
                        // An address says more of itself than its name.
                        .map(NameCache::get)
                        .filter(Objects::nonNull)
                        .sorted()
                        .toList();
    }

    /** Marks those of the given nodes that should be in touch with this one, and are not. */
    public List<RegisteredNode> mark(List<RegisteredNode> nodes) {
        List<String> members = members();
        Instant due = Instant.now().minus(LONGEST_START);
        return nodes.stream()
                .map(each -> members.isEmpty()
                                || members.contains(each.name())
                                || !each.state().isAlive()
                                || each.startedAt().isAfter(due)
                        ? each
                        : each.outOfTouch())
                .toList();
    }

    @Override
    public void post(String subject, String name, Duration lifetime) {
        change(cache -> cache.put(subject + BETWEEN + name, node, lifetime.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public void remove(String subject, String name) {
        change(cache -> cache.remove(subject + BETWEEN + name));
    }

    @Override
    public boolean isPosted(String subject, String name) {
        Joined now = joined;
        return now != null && now.cache().withFlags(Flag.CACHE_MODE_LOCAL).containsKey(subject + BETWEEN + name);
    }

    @Override
    public void follow(String subject, Follower follower) {
        if (followers.putIfAbsent(subject, follower) != null) {
            throw new IllegalStateException("There is a follower of " + subject + " already");
        }
    }

    /** Not waited for: a node that is lost holds changes up until it is found out to be. */
    private void change(Consumer<AdvancedCache<String, String>> change) {
        if (joined != null && !changes.offer(change)) {
            LOG.fine("A notice is lost: too many wait");
        }
    }

    private void changeUntilStopped(AdvancedCache<String, String> cache) {
        while (joining == Thread.currentThread()) {
            try {
                changes.take().accept(cache);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.FINE, "A notice is lost", e);
            }
        }
    }

    private void tell(String key, Consumer<Telling> telling) {
        int at = key.indexOf(BETWEEN);
        Optional.ofNullable(followers.get(key.substring(0, at)))
                .ifPresent(follower -> telling.accept(new Telling(follower, key.substring(at + 1))));
    }

    private record Telling(Follower follower, String name) {}

    /** A channel made elsewhere; a transport that is given one is copied without it. */
    private static final class GivenChannel extends AbstractJGroupsChannelConfigurator {
        private final JChannel channel;

        GivenChannel(JChannel channel) {
            this.channel = channel;
        }

        @Override
        public String getName() {
            return "dozo";
        }

        @Override
        public JChannel createChannel(String name) {
            return channel;
        }

        @Override
        public String getProtocolStackString() {
            return channel.getProtocolStack().printProtocolSpec(false);
        }

        @Override
        public List<ProtocolConfiguration> getProtocolStack() {
            return List.of();
        }
    }

    /** What Infinispan calls; public, since it asks for that. */
    @Listener
    public final class Changes {

        @CacheEntryCreated
        @CacheEntryModified
        public void posted(CacheEntryEvent<String, String> event) {
            if (!event.isPre() && !node.equals(event.getValue())) {
                tell(event.getKey(), telling -> telling.follower().posted(telling.name()));
            }
        }

        @CacheEntryRemoved
        public void removed(CacheEntryRemovedEvent<String, String> event) {
            if (!event.isPre()) {
                tell(event.getKey(), telling -> telling.follower().removed(telling.name()));
            }
        }
    }

    /** Who is there. */
    @Listener
    public static final class Views {

        @ViewChanged
        @Merged
        public void changed(ViewChangedEvent event) {
            LOG.info(
                    () -> "DOZO-CLU-003 In touch now: " + event.getNewMembers() + "; before: " + event.getOldMembers());
        }
    }
}
