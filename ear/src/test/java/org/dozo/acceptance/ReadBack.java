// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dozo.dicom.io.Part10;

/** Objects that were acknowledged, read from every node of a cluster by WADO-RS, past the balancer. */
final class ReadBack {

    /** Of each node, evenly spread: all of them from all nodes would take longer than the upgrade. */
    private static final int MOST = 1000;

    private ReadBack() {}

    /** What a node does not give, or gives with other bytes; empty if nothing. */
    static List<String> faults(DozoNode cluster) throws IOException, InterruptedException {
        List<String> faults = new ArrayList<>();
        List<Map.Entry<String, Set<String>>> all =
                List.copyOf(cluster.sent().acknowledged().entrySet());
        int stride = Math.ceilDiv(Math.max(1, all.size()), MOST);
        for (int member = 1; member <= cluster.nodes(); member++) {
            Web web = new Web(cluster, member);
            for (int next = (member - 1) % stride; next < all.size(); next += stride) {
                Map.Entry<String, Set<String>> one = all.get(next);
                String fault = fault(web, Uids.of(one.getKey()), one.getValue());
                if (!fault.isEmpty()) {
                    faults.add("node" + member + " " + fault);
                }
            }
        }
        return faults;
    }

    private static String fault(Web web, Uids uids, Set<String> digests) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = web.stream(uids.path(), "Accept", "application/dicom; transfer-syntax=*");
        MessageDigest digest = SentObjects.sha256();
        try (InputStream body = answer.body()) {
            if (answer.statusCode() != 200) {
                return "answers " + answer.statusCode() + " for " + uids.instance();
            }
            new DigestInputStream(Part10.open(body).dataSet(), digest).transferTo(OutputStream.nullOutputStream());
        }
        return digests.contains(HexFormat.of().formatHex(digest.digest()))
                ? ""
                : "gives other bytes for " + uids.instance();
    }
}
