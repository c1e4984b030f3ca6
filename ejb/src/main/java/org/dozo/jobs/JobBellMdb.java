// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.jms.JMSDestinationDefinition;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.NullUnmarked;

/** Hears the bell: see {@link JobBell}. */
@JMSDestinationDefinition(name = JobBellMdb.QUEUE, interfaceName = "jakarta.jms.Queue", destinationName = "DozoJobs")
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationLookup", propertyValue = JobBellMdb.QUEUE),
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"),
            @ActivationConfigProperty(propertyName = "maxSession", propertyValue = "2")
        })
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@NullUnmarked
public class JobBellMdb implements MessageListener {

    private static final Logger LOG = Logger.getLogger(JobBellMdb.class.getName());

    static final String QUEUE = "java:app/jms/DozoJobs";

    @Inject
    private JobRunner runner;

    @Override
    public void onMessage(Message message) {
        try {
            runner.heard(message.getBody(String.class), message.getJMSPriority());
        } catch (JMSException e) {
            // To throw would only have it delivered again; the sweeper finds what it was about.
            LOG.log(
                    Level.WARNING,
                    "DOZO-JOB-002 A message of the broker can't be read; work begins up to a second late",
                    e);
        }
    }
}
