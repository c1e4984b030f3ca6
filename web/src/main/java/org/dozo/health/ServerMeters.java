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
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
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

    /** To be called before each scrape: what can be rejected for yet another reason is seen only then. */
    public synchronized void bind(MeterRegistry registry) {
        if (!bound) {
            bound = true;
            bindOnce(registry);
        }
        for (String reason : rejections().keySet()) {
            FunctionCounter.builder(
                            "dozo_dicom_rejected_associations",
                            this,
                            meters -> meters.rejections().getOrDefault(reason, 0L))
                    .tag("reason", reason)
                    .register(registry);
        }
    }

    private void bindOnce(MeterRegistry registry) {
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

    /** How often for each reason, in the standard's words (PS3.8 §9.3.4); empty while the listener has not started. */
    private Map<String, Long> rejections() {
        try {
            Map<String, Long> counts = new TreeMap<>();
            if (server.getAttribute(new ObjectName(LISTENER), "RejectedAssociations") instanceof TabularData table) {
                for (Object row : table.values()) {
                    if (row instanceof CompositeData entry && entry.get("value") instanceof Long count) {
                        counts.put(String.valueOf(entry.get("key")), count);
                    }
                }
            }
            return counts;
        } catch (JMException e) {
            LOG.log(Level.FINE, "No rejections by reason", e);
            return Map.of();
        }
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
