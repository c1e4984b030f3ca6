// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.HeaderBlob;
import org.dozo.forward.rules.Facts;
import org.dozo.forward.rules.HeaderFacts;
import org.dozo.forward.rules.Rule;
import org.dozo.jobs.NewJob;

/** Puts objects to rules, and collects what is to go where. Not thread-safe. */
final class Matching {

    /** Headers are read one after the other: some are long. */
    static final int FETCH = 20;

    /** The columns that {@link #add} reads, of objects that are shown; a condition follows. */
    static final String SELECT = """
            SELECT object.name, object.id, instance.id, instance.header, object.source_ae_title, object.source_address,
                study.study_instance_uid, series.series_instance_uid
            FROM stored_object AS object
            JOIN instance ON instance.id = object.instance_fk JOIN series ON series.id = instance.series_fk
            JOIN study ON study.id = series.study_fk WHERE object.state = 'CURRENT' AND\s""";

    private final List<Rule> rules;
    private final Map<Order.Key, Order> orders = new TreeMap<>();

    Matching(List<Rule> rules) {
        this.rules = rules;
    }

    /** @throws DicomFormatException if the kept header is damaged */
    void add(ResultSet row) throws SQLException, DicomFormatException {
        Facts facts = HeaderFacts.of(HeaderBlob.decode(row.getBytes(4)), row.getString(5), row.getString(6));
        for (Rule rule : rules) {
            if (!rule.condition().matches(facts)) {
                continue;
            }
            for (String destination : rule.destinations()) {
                Order.Key key = Order.Key.of(rule, destination, row.getString(7), row.getString(8));
                Order.Target target = new Order.Target(
                        row.getLong(3),
                        row.getLong(2),
                        facts.sourceAeTitle().equals(destination),
                        rule.handling().isUsual() ? "" : rule.name());
                orders.computeIfAbsent(key, none -> new Order(key, rule.name(), Order.delay(rule)))
                        .add(target, facts.isStat() ? NewJob.STAT : rule.priority(), Order.delay(rule));
            }
        }
    }

    /** Queues what was collected. */
    void queue(Connection connection, DeliveryLedger ledger) throws SQLException {
        for (Order order : orders.values()) {
            ledger.queue(connection, order);
        }
    }
}
