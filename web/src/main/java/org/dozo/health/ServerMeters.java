// SPDX-License-Identifier: Apache-2.0
package org.dozo.health;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** What the server tells by JMX, as meters: the virtual machine, the database pool, and the DICOM listener's statistics. */
@Singleton
public class ServerMeters {

    private static final Logger LOG = Logger.getLogger(ServerMeters.class.getName());
    private static final String POOL = "jboss.as:subsystem=datasources,data-source=DozoDS,statistics=pool";
    private static final String LISTENER = "org.dozo:type=DicomListener";

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private @Nullable JvmGcMetrics garbageCollection;
    private boolean bound;

    /** Once; later calls do nothing. */
    public synchronized void bind(MeterRegistry registry) {
        if (bound) {
            return;
        }
        bound = true;
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        garbageCollection = new JvmGcMetrics();
        garbageCollection.bindTo(registry);
        for (String attribute : List.of("ActiveCount", "InUseCount", "WaitCount", "AvailableCount")) {
            gauge(registry, POOL, attribute, "dozo_database_pool_" + snakeCase(attribute));
        }
        bindListener(registry);
    }

    private void bindListener(MeterRegistry registry) {
        for (String attribute : List.of("OpenAssociations", "PendingConnections")) {
            gauge(registry, LISTENER, attribute, "dozo_dicom_" + snakeCase(attribute));
        }
        for (String attribute : List.of("AcceptedAssociations", "AbortedAssociations", "BytesReceived")) {
            FunctionCounter.builder(
                            "dozo_dicom_" + snakeCase(attribute), this, meters -> meters.read(LISTENER, attribute))
                    .register(registry);
        }
    }

    private void gauge(MeterRegistry registry, String bean, String attribute, String meter) {
        Gauge.builder(meter, this, meters -> meters.read(bean, attribute)).register(registry);
    }

    private double read(String bean, String attribute) {
        try {
            for (Attribute found : server.getAttributes(new ObjectName(bean), new String[] {attribute})
                    .asList()) {
                return found.getValue() instanceof Number number
                        ? number.doubleValue()
                        : Double.parseDouble(String.valueOf(found.getValue()));
            }
            return Double.NaN;
        } catch (JMException | NumberFormatException e) {
            // A gauge without a value says NaN; a scrape must not fail for one of them.
            LOG.log(Level.FINE, "No value of " + attribute, e);
            return Double.NaN;
        }
    }

    static String snakeCase(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    @PreDestroy
    synchronized void close() {
        if (garbageCollection != null) {
            garbageCollection.close();
        }
    }
}
