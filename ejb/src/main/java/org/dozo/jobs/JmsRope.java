// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.inject.Singleton;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Queue;
import org.jspecify.annotations.Nullable;

/** The broker inside this process: a message a ring, whose text is the kind; kept in memory only, and not for long. */
@Singleton
public class JmsRope implements BellRope {

    private static final long LIFETIME_MILLIS = 10_000;

    @Resource(lookup = "java:/ConnectionFactory")
    private @Nullable ConnectionFactory broker;

    @Resource(lookup = JobBellMdb.QUEUE)
    private @Nullable Queue queue;

    private @Nullable JMSContext context;

    @Override
    public synchronized void pull(String kind, int priority) {
        if (broker == null || queue == null) {
            throw new IllegalStateException("The server has no broker, or it lacks the queue " + JobBellMdb.QUEUE);
        }
        try {
            JMSContext open = context == null ? broker.createContext(JMSContext.AUTO_ACKNOWLEDGE) : context;
            context = open;
            open.createProducer()
                    .setDeliveryMode(DeliveryMode.NON_PERSISTENT)
                    .setTimeToLive(LIFETIME_MILLIS)
                    .setPriority(priority)
                    .send(queue, kind);
        } catch (JMSRuntimeException e) {
            close();
            throw e;
        }
    }

    @PreDestroy
    synchronized void close() {
        JMSContext open = context;
        context = null;
        if (open != null) {
            open.close();
        }
    }
}
