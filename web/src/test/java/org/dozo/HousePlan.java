// SPDX-License-Identifier: Apache-2.0
package org.dozo;

import java.util.List;
import java.util.stream.Stream;

/**
 * Which package is what, under one root (docs/architecture.md). A new package is written here first, so that no rule can miss
 * it.
 *
 * @param root the root package, {@code org.dozo} for Dozo itself
 */
record HousePlan(String root) {

    static final List<String> FEATURES = List.of(
            "ingest",
            "query",
            "retrieve",
            "forward",
            "compress",
            "render",
            "worklist",
            "hl7",
            "commitment",
            "availability",
            "retention");

    static final List<String> FOUNDATIONS = List.of(
            "index",
            "storage",
            "jobs",
            "sending",
            "imaging",
            "cluster",
            "access",
            "proof",
            "audit",
            "settings",
            "shared");

    static final List<String> WEB = List.of("web", "dicomweb", "admin", "health");

    static final List<String> NETWORK = List.of("dicom.net", "dicom.inbound", "dicom.outbound");

    static final List<String> JCA_DICOM = List.of("dicom", "mllp");

    /** ArchUnit's pattern of one package and all below it. */
    String tree(String name) {
        return root + "." + name + "..";
    }

    private String[] trees(Stream<String> names) {
        return names.map(this::tree).toArray(String[]::new);
    }

    /** Everything of ours. */
    String everything() {
        return root + "..";
    }

    String[] jcaDicom() {
        return trees(JCA_DICOM.stream());
    }

    String[] ejb() {
        return trees(Stream.concat(FEATURES.stream(), FOUNDATIONS.stream()));
    }

    String[] web() {
        return trees(WEB.stream());
    }

    String[] network() {
        return trees(NETWORK.stream());
    }

    /** What the web must not know of the network: MLLP as well. */
    String[] wires() {
        return trees(Stream.concat(NETWORK.stream(), Stream.of("mllp")));
    }

    String[] features() {
        return trees(FEATURES.stream());
    }

    String[] foundations() {
        return trees(FOUNDATIONS.stream());
    }

    String[] everyPackage() {
        return trees(Stream.of(JCA_DICOM, FEATURES, FOUNDATIONS, WEB).flatMap(List::stream));
    }

    /** The features that {@code feature} must not touch: all others; only {@code hl7} may call {@code worklist}. */
    String[] strangersOf(String feature) {
        Stream<String> others = FEATURES.stream().filter(other -> !other.equals(feature));
        if (feature.equals("hl7")) {
            others = others.filter(other -> !other.equals("worklist"));
        }
        return trees(others);
    }
}
