// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.dozo.access.DestinationKind;
import org.dozo.access.NamedDestination;
import org.dozo.access.S3Options;
import org.dozo.forward.rules.Condition;
import org.dozo.forward.rules.PrefetchRule;
import org.dozo.forward.rules.PriorsWanted;
import org.dozo.forward.rules.RuleBook;
import org.dozo.forward.rules.RuleSection;
import org.dozo.settings.ConfigurationFile;
import org.dozo.settings.DestinationSection;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.Notices;
import org.junit.jupiter.api.Test;

/** The records of destinations that are no peers. */
class DestinationRecordsIT extends OtherDestinationCase {

    @Test
    void aNameIsThatOfAPeerOrOfAnotherDestination() throws Exception {
        archive.destination("PEER");
        folder("NAS");
        FailureException taken = assertThrows(
                FailureException.class,
                () -> archive.others.put(new NamedDestination("PEER", DestinationKind.FOLDER, "/nas", "", "")));
        assertEquals(Failure.CONFLICT, taken.failure());
        assertTrue(String.valueOf(taken.getMessage()).contains("There is a peer PEER already"), taken.getMessage());
        FailureException other = assertThrows(FailureException.class, () -> archive.destination("NAS"));
        assertEquals(Failure.CONFLICT, other.failure());
        assertTrue(
                String.valueOf(other.getMessage()).contains("There is a destination NAS already"), other.getMessage());
        assertTrue(archive.peers.delete("PEER"));
        archive.others.put(new NamedDestination("PEER", DestinationKind.FOLDER, "/nas", "", ""));
        assertTrue(archive.others.delete("PEER"));
        archive.destination("PEER");
    }

    @Test
    void aDestinationThatARuleNamesIsNotRemoved() throws Exception {
        folder("NAS");
        rule("NAS");
        FailureException refused = assertThrows(FailureException.class, () -> archive.others.delete("NAS"));
        assertEquals(Failure.CONFLICT, refused.failure());
        assertTrue(String.valueOf(refused.getMessage()).contains("prefetch rule"), refused.getMessage());
        assertThrows(FailureException.class, () -> rule("NAS", "NOWHERE"));
        archive.destination("PEER");
        rule("PEER");
        archive.prefetchRules.put(new PrefetchRule(
                "priors", Condition.parse("all"), new PriorsWanted(List.of(), false, 0, 1), List.of("NAS"), 5, true));
        assertThrows(FailureException.class, () -> archive.others.delete("NAS"));
        archive.prefetchRules.delete("priors");
        assertTrue(archive.others.delete("NAS"));
        assertFalse(archive.others.delete("NAS"));
    }

    @Test
    void theConfigurationFileHasThemAndRulesNameThem() throws Exception {
        ConfigurationFile file = new ConfigurationFile(
                archive.database,
                archive.peers,
                List.of(new RuleSection(new RuleBook(archive.database, Notices.NONE)), new DestinationSection()));
        folder("NAS");
        archive.others.put(
                new NamedDestination("CLOUD", DestinationKind.STOW, "https://pacs.example/dicom-web", "cloud", "外"));
        archive.others.put(new NamedDestination(
                "BUCKET",
                DestinationKind.S3,
                "s3://images/pacs",
                "cloud",
                "",
                new S3Options("https://s3.example:9000", "eu-1", false, "aws:kms")));
        archive.destination("PEER");
        rule("PEER", "NAS", "CLOUD", "BUCKET");
        List<NamedDestination> before = archive.others.list();
        String exported = file.export();
        assertTrue(file.compare(exported).isEmpty(), exported);
        // A file that does not have the section leaves it alone, and its rules may name what is there.
        String without = """
                version: 1
                peers: []
                rules:
                  - {name: all, condition: all, destinations: [NAS]}
                """;
        file.apply(without);
        assertEquals(3, archive.others.list().size());
        // What goes away may be named until the rules are replaced.
        file.apply(without.replace("[NAS]", "[CLOUD]")
                + "destinations:\n  - {name: CLOUD, kind: stow, address: 'http://other.example/'}\n");
        assertEquals(
                List.of(new NamedDestination("CLOUD", DestinationKind.STOW, "http://other.example", "", "")),
                archive.others.list());
        file.apply(exported);
        assertTrue(file.compare(exported).isEmpty());
        assertEquals(before, archive.others.list());
        String twice = without + "destinations:\n  - {name: P, kind: folder, address: /p}\n";
        FailureException refused = assertThrows(
                FailureException.class,
                () -> file.compare(twice.replace("peers: []", "peers: [{aeTitle: P, host: h, port: 104}]")));
        assertTrue(String.valueOf(refused.getMessage()).contains("P has the name of another record"));
    }
}
