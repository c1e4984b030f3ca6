// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks at every volume once an interval. Each has a platform thread of its own: a look at a file system that hangs blocks its
 * thread for good, and must block nothing else. One more thread notices that.
 */
final class VolumeWatch {

    private final List<Patrol> patrols = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Thread supervisor = thread("dozo-volumes", this::superviseUntilInterrupted);
    private final Duration interval;
    private final Duration hangAfter;
    private final Consumer<Volume> afterLook;
    private final Runnable eachRound;

    /**
     * @param afterLook runs after each look at a volume, on that volume's thread
     * @param eachRound runs once an interval, after volumes that do not answer were noticed
     */
    VolumeWatch(
            List<Volume> volumes,
            StorageSettings settings,
            VolumeRegistry registry,
            Consumer<Volume> afterLook,
            Runnable eachRound) {
        interval = settings.checkInterval();
        hangAfter = settings.hangAfter();
        this.afterLook = afterLook;
        this.eachRound = eachRound;
        for (Volume volume : volumes) {
            Patrol patrol = new Patrol(volume, new VolumeCheck(volume, settings, registry));
            patrols.add(patrol);
            threads.add(thread("dozo-volume-" + volume.name(), patrol));
        }
    }

    /** Starts, and returns when all volumes have been seen and recovered, or have not answered for {@code storage.hang-after}. */
    void start() throws InterruptedException {
        threads.forEach(Thread::start);
        long deadline = System.nanoTime() + hangAfter.toNanos();
        for (Patrol patrol : patrols) {
            // A volume that hangs at the start stays UNCHECKED: it is not written, and the others have had the same
            // time.
            if (!patrol.first.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                break;
            }
        }
        eachRound.run();
        supervisor.start();
    }

    void stop() {
        supervisor.interrupt();
        threads.forEach(Thread::interrupt);
    }

    private void superviseUntilInterrupted() {
        try {
            while (true) {
                Thread.sleep(interval);
                patrols.forEach(patrol -> patrol.volume.noticeHang(hangAfter));
                eachRound.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread thread(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).unstarted(work);
    }

    private final class Patrol implements Runnable {
        private final Volume volume;
        private final VolumeCheck check;
        private final CountDownLatch first = new CountDownLatch(1);

        Patrol(Volume volume, VolumeCheck check) {
            this.volume = volume;
            this.check = check;
        }

        @Override
        public void run() {
            try {
                while (true) {
                    look();
                    Thread.sleep(interval);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void look() {
            try {
                volume.observed(this::check);
            } catch (IOException e) {
                volume.suspect(e);
            }
            afterLook.accept(volume);
            first.countDown();
        }

        private boolean check() {
            check.run();
            if (volume.state() == VolumeState.UNCHECKED) {
                // A new volume was initialised a moment ago: this look sees it as it is.
                check.run();
            }
            return true;
        }
    }
}
